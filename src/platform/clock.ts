import { uptime } from 'node:os'

export interface Clock {
  /** Wall clock, milliseconds since 1970. May jump. */
  nowMs(): number
  /** Milliseconds since some fixed point; never jumps, stands still while the machine sleeps. */
  monotonicMs(): number
  /** How long the machine has slept since some fixed point: what the wall clock counts and `monotonicMs` does not. */
  sleptMs(): number
  /** Calls `run` once, not before `delayMs` have passed. The returned function cancels it. */
  after(delayMs: number, run: () => void): () => void
}

/** Longest delay a Node timer takes; a longer one would fire at once. */
const timerMsMax = 2 ** 31 - 1

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  sleptMs: () => uptime() * 1_000 - performance.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(Math.max(0, delayMs), timerMsMax))
    return () => clearTimeout(timer)
  },
}
