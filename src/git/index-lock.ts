import { join } from 'node:path'
import type { Random } from '../platform/platform.ts'
import type { Failure } from '../types.ts'
import { secondName } from './second-name.ts'
import type { Workbench } from './workbench.ts'

const retryMs = 25
const tokenText = 'workspace-sync holds this lock for a moment while it commits.\n'

/**
 * `index.lock`, taken so that it can be told for ever who took it: the lock is a second name of a file that stays in
 * the state directory. As long as that file lives its inode belongs to nobody else, so a lock with the same inode is
 * ours, also after a crash, and any other is not. Where a file has only one name it is a new file with the same text,
 * in which a drawn number stands that nobody else has.
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

export function createIndexLock(bench: Workbench, random: Random): IndexLock {
  const { disk, clock } = bench
  const lock = `${bench.repository.indexPath}.lock`
  const token = join(bench.repository.stateDir, 'lock-token')
  const isOurs = () => {
    const [held, own] = [disk.identify(lock), disk.identify(token)]
    if (held === null || own === null) return false
    return held.file === own.file || (held.sizeBytes === own.sizeBytes && isCopy(disk.read(lock), disk.read(token)))
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
      if ((disk.read(token)?.length ?? 0) <= tokenText.length) disk.write(token, `${tokenText}${random.hex(32)}\n`)
      for (let waitedMs = 0; ; waitedMs += retryMs) {
        if (secondName(disk, token, lock) || isOurs()) return true
        if (waitedMs >= bench.deadlines.lockMs) return false
        await new Promise<void>((resolve) => void clock.after(retryMs, resolve))
      }
    },
    release: () => {
      if (isOurs()) disk.remove(lock)
    },
  }
}

/** One of an earlier version has no number in it, and proves nothing by its text. */
function isCopy(held: Buffer | null, own: Buffer | null): boolean {
  return held !== null && own !== null && held.equals(own) && own.length > tokenText.length
}
