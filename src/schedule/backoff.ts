import type { RetryDelays } from './options.ts'

/** Waits are stretched by up to a quarter, so that many machines do not come back at the same instant. */
const JITTER_SHARE = 0.25
/** For a configuration without any delay. */
const FALLBACK_DELAY_MS = 2_000
const DOUBLINGS_MAX = 30
/** A look is cheap: the wait for the next one is about half the time for which the remote has been out of reach. */
const PROBE_GROWTH = 1.5

/** Holds the state of the random numbers, so that a schedule replays from its seed. */
interface Dice {
  random: number
}

/** Wait after the `tries`-th failure in a row (from 1): the listed delays, then doubling, never beyond `maxMs`. */
export function retryDelayMs(tries: number, retry: RetryDelays, dice: Dice): number {
  const listed = retry.delaysMs
  const last = listed.at(-1) ?? FALLBACK_DELAY_MS
  const doublings = Math.min(Math.max(0, tries - listed.length), DOUBLINGS_MAX)
  return Math.min(retry.maxMs, jittered(listed[tries - 1] ?? last * 2 ** doublings, dice))
}

/** Wait before the next look for an unreachable remote after `tries` looks in vain (from 1). */
export function probeDelayMs(tries: number, probe: { minMs: number; maxMs: number }, dice: Dice): number {
  return Math.min(probe.maxMs, jittered(probe.minMs * PROBE_GROWTH ** Math.min(tries - 1, DOUBLINGS_MAX), dice))
}

function jittered(delayMs: number, dice: Dice): number {
  return Math.round(delayMs * (1 + JITTER_SHARE * draw(dice)))
}

/** mulberry32, in [0, 1): small, and the same on every machine. */
function draw(dice: Dice): number {
  dice.random = (dice.random + 0x6d2b79f5) >>> 0
  let mixed = Math.imul(dice.random ^ (dice.random >>> 15), dice.random | 1)
  mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
}
