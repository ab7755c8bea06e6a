import { wholeFile } from '../platform/platform.ts'

/**
 * Tells when the kernel's event queue overflowed, which `fs.watch` never does: the overflow event belongs to no watch
 * and libuv drops it. But libuv empties the queue within one turn of the loop, and a queue that overflowed held
 * `max_queued_events`. So callbacks are counted, and the count starts again in the turn after.
 */
export interface Drain {
  /** Called by every watch of this process for each callback. */
  count(): void
  /** `onOverflow` is called at most once a turn, from within a callback. Returns how to stop listening. */
  listen(onOverflow: () => void): () => void
}

/** `endOfTurn` must be `setImmediate`: promise jobs run between two callbacks of one turn. */
export function createDrain(threshold: number, endOfTurn: (run: () => void) => void): Drain {
  const listeners = new Set<() => void>()
  let counted = 0
  return {
    count() {
      if (counted === 0) endOfTurn(() => (counted = 0))
      counted += 1
      if (counted === threshold) for (const tell of listeners) tell()
    },
    listen(onOverflow) {
      listeners.add(onOverflow)
      return () => listeners.delete(onOverflow)
    },
  }
}

/** A healthy loop was never seen to have more than 3,418 events waiting. */
const thresholdMax = 8_192

/** Half of the queue, because events of closed watches are consumed without a callback. */
export function drainThreshold(maxQueuedEvents: string | null): number {
  const queued = Number(maxQueuedEvents)
  return Number.isInteger(queued) && queued > 1 ? Math.min(thresholdMax, Math.floor(queued / 2)) : thresholdMax
}

let shared: Drain | null = null

/** One for the process, because libuv has one inotify queue a loop, shared by all watches. */
export function processDrain(): Drain {
  shared ??= createDrain(drainThreshold(wholeFile.read('/proc/sys/fs/inotify/max_queued_events')), setImmediate)
  return shared
}
