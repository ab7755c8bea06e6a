/** One writer against the two signals alone: no slow lane, no budgets, every commit is a trial. */

import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { feedback } from '../../src/classify/feedback.ts'
import { metronome } from '../../src/classify/metronome.ts'
import { seeded } from './writers.ts'
import type { Feedback } from '../../src/classify/feedback.ts'
import type { Run } from '../../src/classify/metronome.ts'
import type { WriterModel } from './writers.ts'

export interface SignalOutcome {
  /** Commits until feedback was proven; null: never. */
  readonly provenCommits: number | null
  /** Minutes until a regular run of 30 min and of 2 h; null: never. */
  readonly paceMinutes: number | null
  readonly stopMinutes: number | null
}

const minuteMs = 60_000
const maxWaitMs = 5 * minuteMs
const gapsKept = 8

export function playSignals(model: WriterModel, seed: number, lengthMs: number): SignalOutcome {
  const chance = seeded(seed)
  const writing = model.start(seeded(seed + 1_000_003))
  const options = breakerDefaults
  let state: Feedback = feedback.fresh
  let run: Run | null = null
  let own = writing.firstMs
  let answer = Infinity
  let waitingSince = Infinity
  let lastWrite = -Infinity
  const gaps: number[] = []
  const sortedGaps: number[] = []
  let commits = 0
  const outcome = {
    provenCommits: null as number | null,
    paceMinutes: null as number | null,
    stopMinutes: null as number | null,
  }
  for (;;) {
    const write = Math.min(own, answer)
    const quietEnd = waitingSince === Infinity ? Infinity : lastWrite + quietMs(sortedGaps)
    const act = Math.min(feedback.dueMs(state) ?? quietEnd, waitingSince + maxWaitMs)
    const now = Math.min(write, act)
    if (now > lengthMs) return outcome
    if (write <= act) {
      if (answer <= own) answer = Infinity
      else own = writing.afterWrite(now)
      if (lastWrite >= 0) keepGap(gaps, sortedGaps, now - lastWrite)
      lastWrite = now
      waitingSince = Math.min(waitingSince, now)
      state = feedback.wrote(state, now, options)
      run = metronome.beat(run, now, options)
      const regularMs = metronome.regularMs(run, options)
      if (regularMs >= options.beatPaceAfterMs) outcome.paceMinutes ??= now / minuteMs
      if (regularMs >= options.beatStopAfterMs) outcome.stopMinutes ??= now / minuteMs
      if (feedback.proven(state, options)) outcome.provenCommits ??= commits
      continue
    }
    const isPlanned = feedback.dueMs(state) !== null
    if (!isPlanned) state = feedback.plan(state, now, now, chance, options)
    // The longest wait cuts a trial short, also one that could not begin.
    if (!isPlanned && now < waitingSince + maxWaitMs) continue
    state = feedback.committed(state, now, options)
    commits += 1
    waitingSince = Infinity
    answer = Math.min(answer, writing.afterCommit(now))
  }
}

/** Twice the median of the last gaps, from 1 to 30 s. */
function quietMs(sortedGaps: readonly number[]): number {
  return Math.min(30_000, Math.max(1000, 2 * (sortedGaps[sortedGaps.length >> 1] ?? 0)))
}

/** The last gaps in their order, and sorted: kept so, because sorting a million times over would take seconds. */
function keepGap(gaps: number[], sortedGaps: number[], gapMs: number): void {
  gaps.push(gapMs)
  if (gaps.length > gapsKept) sortedGaps.splice(sortedGaps.indexOf(gaps.shift() ?? 0), 1)
  let at = sortedGaps.length
  while (at > 0 && (sortedGaps[at - 1] ?? 0) > gapMs) at -= 1
  sortedGaps.splice(at, 0, gapMs)
}
