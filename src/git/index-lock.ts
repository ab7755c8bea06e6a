import { join } from 'node:path'
import type { Failure } from '../types.ts'
import type { Workbench } from './workbench.ts'

const retryMs = 25
const tokenText = 'workspace-sync holds this lock for a moment while it commits.\n'

/**
 * `index.lock`, taken so that it can be told for ever who took it: the lock is a second name of a file that stays in
 * the state directory. As long as that file lives its inode belongs to nobody else, so a lock with the same inode is
 * ours, also after a crash, and any other is not.
 */
export interface IndexLock {
  /** False: somebody else held it all the time. @throws a system error when the directory cannot be written. */
  take(): Promise<boolean>
  isOurs(): boolean
  /** Does nothing when it is not ours. */
  release(): void
  /** Why `take` gave up. */
  readonly heldFailure: Failure
}

export function createIndexLock(bench: Workbench): IndexLock {
  const { disk, clock } = bench
  const lock = `${bench.repository.indexPath}.lock`
  const token = join(bench.repository.stateDir, 'lock-token')
  const isOurs = () => {
    const held = disk.identify(lock)
    return held !== null && held.file === disk.identify(token)?.file
  }
  return {
    isOurs,
    heldFailure: {
      name: 'locked',
      detail: `${lock} is held by another program`,
      hint: 'wait for the other git command; if none runs, remove that file',
      heals: 'backoff',
    },
    take: async () => {
      if (disk.identify(token) === null) disk.write(token, tokenText)
      for (let waitedMs = 0; ; waitedMs += retryMs) {
        if (disk.link(token, lock) || isOurs()) return true
        if (waitedMs >= bench.deadlines.lockMs) return false
        await new Promise<void>((resolve) => void clock.after(retryMs, resolve))
      }
    },
    release: () => {
      if (isOurs()) disk.remove(lock)
    },
  }
}
