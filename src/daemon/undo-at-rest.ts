import type { Config } from '../config/config.ts'
import type { GitEngine } from '../git/git.ts'
import { systemRandom, type Clock } from '../platform/platform.ts'
import { hostsOf } from './hosts.ts'
import { holdingLock } from './holding-lock.ts'
import { readState } from './state-file.ts'
import { finishNoted, undo, type UndoAnswer } from './undo.ts'

/**
 * An undo while no daemon runs.
 * @param dryRun only says what it would do; needs no lock
 * @throws as `holdingLock`
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
  return holdingLock(stateDir, clock, async (state) => {
    const journal = { write: (entry: typeof state.value.journal) => state.update({ journal: entry }) }
    const { failure } = await engine.recover(state.value.journal, journal)
    if (failure !== null) return { kind: 'refused', isUsage: false, problem: failure.detail, hint: failure.hint }
    await finishNoted({ engine, clock, ownWrites: null, state })
    const hosts = hostsOf(config, state.value.cloneId)
    const note = (undoing: string | null): void => state.update({ undoing })
    return undo({ engine, clock, journal, ownWrites: null, id: systemRandom.hex(16), note, hosts }, name, false)
  })
}

const nothingWritten = { journal: { write: () => {} }, note: () => {}, ownWrites: null, id: 'none' } as const
