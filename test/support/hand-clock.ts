import type { Clock } from '../../src/platform/platform.ts'

/** A clock that stands still until the test lets time pass; timers run in their order meanwhile. */
export interface HandClock extends Clock {
  pass(ms: number): void
}

export function handClock(): HandClock {
  let nowMs = 0
  const timers = new Set<{ readonly atMs: number; readonly run: () => void }>()
  return {
    nowMs: () => nowMs,
    monotonicMs: () => nowMs,
    sleptMs: () => 0,
    after(delayMs, run) {
      const timer = { atMs: nowMs + delayMs, run }
      timers.add(timer)
      return () => timers.delete(timer)
    },
    pass(ms) {
      const endMs = nowMs + ms
      for (;;) {
        const next = [...timers].toSorted((a, b) => a.atMs - b.atMs)[0]
        if (next === undefined || next.atMs > endMs) break
        timers.delete(next)
        nowMs = next.atMs
        next.run()
      }
      nowMs = endMs
    },
  }
}
