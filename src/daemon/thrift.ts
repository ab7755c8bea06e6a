/**
 * V8 takes what it may: as soon as anything is done its young generation grows to 32 MB, of which a daemon that is
 * mostly at rest has no use, and it collects nothing while nothing is allocated, so that what a busy hour took is never
 * given back. Here it is held short while little is done, let go in a storm, and tidied at rest.
 */
import type { Clock } from '../platform/platform.ts'

export interface Heap {
  /** Both halves of the young generation. */
  youngBytes(): number
  totalBytes(): number
  /** By how much V8 may multiply the young generation when it is short; 1: not at all. */
  growYoung(factor: 1 | 2): void
  /** All of it, 20 to 100 ms. */
  collect(): void
}

/** Beyond it the young generation grows only within one turn of the daemon's loop, as in a storm. */
const youngBytesMax = 8 * 1024 * 1024
/** So long nothing was done: the daemon is at rest. */
const restMs = 10_000
/** It is worth a collection that the heap has grown by so much since the last one. */
const worthBytes = 12 * 1024 * 1024
/** The first finds what nobody needs, the second gives up the room. */
const collections = 2

export interface Thrift {
  /** After each turn of the loop. */
  turned(): void
  close(): void
}

export function createThrift(heap: Heap, clock: Clock): Thrift {
  let turnedMs = clock.monotonicMs()
  let leastBytes = 0
  let left = 0
  let cancel: (() => void) | null = null

  const rest = (): void => {
    cancel = null
    const stillMs = turnedMs + restMs - clock.monotonicMs()
    if (stillMs > 0) return wait(stillMs)
    if (left === 0 && heap.totalBytes() - leastBytes < worthBytes) return
    left = left === 0 ? collections - 1 : left - 1
    heap.collect()
    leastBytes = heap.totalBytes()
    if (left > 0) wait(restMs)
  }
  const wait = (ms: number): void => void (cancel ??= clock.after(ms, rest))

  return {
    turned() {
      turnedMs = clock.monotonicMs()
      heap.growYoung(heap.youngBytes() < youngBytesMax ? 2 : 1)
      wait(restMs)
    },
    close: () => cancel?.(),
  }
}
