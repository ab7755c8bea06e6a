import type { Config } from '../config/config.ts'
import { assert, SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import { processes, systemRandom, type Clock } from '../platform/platform.ts'
import { hostsOf } from './hosts.ts'
import { takeLock } from './lock.ts'
import { openState, readState } from './state-file.ts'
import { undo, type UndoAnswer } from './undo.ts'

/**
 * An undo while no daemon runs. It holds the daemon's lock meanwhile, so that none starts in the middle.
 * @param dryRun only says what it would do; needs no lock
 * @throws SyncError `lock` when a daemon lives that did not answer.
 */
export async function undoAtRest(
  engine: GitEngine,
  config: Config,
  clock: Clock,
  name: string | null,
  dryRun: boolean,
): Promise<UndoAnswer> {
  const { stateDir } = engine.repository
  if (dryRun) {
    const cloneId = readState(stateDir)?.cloneId
    const hosts = cloneId === undefined ? [] : hostsOf(config, cloneId)
    return undo({ ...nothingWritten, engine, clock, hosts }, name, true)
  }
  const us = processes.identity(process.pid)
  assert(us !== null, 'the running process has an identity')
  const claim = takeLock(stateDir, us, clock.nowMs())
  if (claim.kind === 'theirs') {
    const message = `the daemon (pid ${claim.owner.pid}) does not answer`
    throw new SyncError('lock', message, 'look at workspace-sync status, then try again')
  }
  try {
    const state = openState(stateDir, () => systemRandom.hex(8), clock.nowMs())
    const journal = { write: (entry: typeof state.value.journal) => state.update({ journal: entry }) }
    const { failure } = await engine.recover(state.value.journal, journal)
    if (failure !== null) return { kind: 'refused', isUsage: false, problem: failure.detail, hint: failure.hint }
    const hosts = hostsOf(config, state.value.cloneId)
    return await undo({ engine, clock, journal, ownWrites: null, id: systemRandom.hex(16), hosts }, name, false)
  } finally {
    claim.lock.release()
  }
}

const nothingWritten = { journal: { write: () => {} }, ownWrites: null, id: 'none' } as const
