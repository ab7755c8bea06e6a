import type { StageOptions } from './breaker-state.ts'

export interface BreakerOptions extends StageOptions {
  /** A slow pattern that is not written for so long is forgotten. */
  readonly forgetAfterMs: number
  /**
   * Patterns known at once, about 0.5 KB each. At the limit the normal pattern written longest ago is forgotten. Slow
   * and quarantined ones never are: if there are nothing but them, a new pattern is not watched and `view` says `full`.
   */
  readonly patternsMax: number
  /** Normal patterns that outlive a restart: those with commits first, then those that wait, each the last written. */
  readonly savedNormalMax: number
}

const secondMs = 1000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs

/**
 * Delays, window, odds and regularity come from a simulation, repeated in `test/simulation/breaker-table.test.ts`: 27
 * kinds of writers, 40 times six hours each. Every writer that answers within 5 s is found after 4 commits, every
 * periodic one after 2 h, and people are not.
 */
export const breakerDefaults: BreakerOptions = {
  // Three in ten minutes, and one for the waits between. A writer that never rests is committed every `maxWait` (5 min)
  // and a little, so its third commit comes just after ten: at exactly ten it never went slow: 12 an hour for ever.
  slowAfterCommits: 3,
  slowWithinMs: 11 * minuteMs,
  // The configured default of `limits.cooldown`.
  cooldownMs: 300 * secondMs,
  forgetAfterMs: hourMs,
  // A save through a temporary file and a rename is noticed as several events within a second.
  settleMs: secondMs,
  delayMinMs: 10 * secondMs,
  delayMaxMs: 30 * secondMs,
  hitWithinMs: 5 * secondMs,
  // Far above what a commit takes (0.2 s with 100,000 files), far below the window.
  lateMs: secondMs,
  // A little is left for answers that come late or break the next trial.
  loopHitChance: 0.9,
  // Chance gives four hits in a row in at most 0.25^4 = 0.4 % of the starts. People stay far below that bound: over 400
  // simulated days of unbroken work of each kind, at most one day ended in quarantine.
  netHits: 4,
  beatMinMs: secondMs,
  // A clock with 10 % of uniform jitter has 0.058; a person who saves about every 10 s 0.15.
  variationMax: 0.1,
  outlierRange: 0.35,
  outlierShare: 0.05,
  // Without it a strict autosave with its pauses counted as one long run.
  restartMeans: 5,
  gapsMin: 12,
  // Never reached by a simulated person, but by an editor that saves every few seconds for half an hour.
  beatPaceAfterMs: 30 * minuteMs,
  beatCooldownMs: 30 * minuteMs,
  // Reached by nobody but machines.
  beatStopAfterMs: 2 * hourMs,
  patternsMax: 5000,
  savedNormalMax: 200,
}
