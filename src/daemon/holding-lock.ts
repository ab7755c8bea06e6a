import { SyncError } from '../errors.ts'
import { systemRandom, type Clock } from '../platform/platform.ts'
import { claimLock } from './lock.ts'
import { openState, type StateStore } from './state-file.ts'

/**
 * What a command does by itself while no daemon runs. It holds the daemon's lock, so that none starts in the middle.
 * @throws SyncError `lock` when a daemon lives that did not answer.
 */
export async function holdingLock<T>(
  stateDir: string,
  clock: Clock,
  act: (state: StateStore) => Promise<T>,
): Promise<T> {
  const claim = claimLock(stateDir, clock.nowMs())
  if (claim.kind === 'theirs') {
    const message = `the daemon (pid ${claim.owner.pid}) does not answer`
    throw new SyncError('lock', message, 'look at workspace-sync status, then try again')
  }
  try {
    return await act(openState(stateDir, () => systemRandom.hex(8), clock.nowMs()))
  } finally {
    claim.lock.release()
  }
}
