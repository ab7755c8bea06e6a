import { assert, SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import { processes, systemRandom, type Clock } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import { openConflicts, resolveConflicts, type OpenConflict, type ResolveAnswer, type Side } from './conflicts.ts'
import { takeLock } from './lock.ts'
import { openState, readState } from './state-file.ts'

export function conflictsAtRest(engine: GitEngine): Promise<readonly OpenConflict[]> {
  return openConflicts(engine, readState(engine.repository.stateDir))
}

/** @throws SyncError `lock` when a daemon lives that did not answer. */
export async function resolveAtRest(
  engine: GitEngine,
  clock: Clock,
  paths: readonly PathBytes[],
  side: Side,
): Promise<ResolveAnswer> {
  const { stateDir } = engine.repository
  const us = processes.identity(process.pid)
  assert(us !== null, 'the running process has an identity')
  const claim = takeLock(stateDir, us, clock.nowMs())
  if (claim.kind === 'theirs') {
    const message = `the daemon (pid ${claim.owner.pid}) does not answer`
    throw new SyncError('lock', message, 'look at workspace-sync status, then try again')
  }
  try {
    const state = openState(stateDir, () => systemRandom.hex(8), clock.nowMs())
    return await resolveConflicts({ engine, state }, paths, side)
  } finally {
    claim.lock.release()
  }
}
