/** One writer against the whole breaker: slow first, then the signals. No budgets, and nobody knows who writes. */

import { createBreaker } from '../../src/classify/breaker.ts'
import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { pathBytes } from '../../src/types.ts'
import { seeded } from './writers.ts'
import type { LoopSignal } from '../../src/types.ts'
import type { WriterModel } from './writers.ts'

export interface DeployedOutcome {
  readonly signal: LoopSignal | null
  /** Hours until quarantine; null: never. */
  readonly hours: number | null
  readonly commits: number
  readonly commitsInBusiestHour: number
  /** Longest time that a change waited for its commit while not in quarantine, minutes. */
  readonly longestWaitMinutes: number
}

const hourMs = 3_600_000
/** Class `default` of the schedule. */
const quietMs = 30_000
const maxWaitMs = 300_000
/** From the instant a commit is due to the instant it is made. */
const commitLagMs = 200

export function playDeployed(model: WriterModel, seed: number, lengthMs: number): DeployedOutcome {
  const chance = seeded(seed)
  const writing = model.start(seeded(seed + 1_000_003))
  const breaker = createBreaker(breakerDefaults, null)
  const path = pathBytes('state/service.json')
  const commitsMs: number[] = []
  let own = writing.firstMs
  let answer = Infinity
  let waitingSince = Infinity
  let due = Infinity
  let longestWaitMs = 0
  const end = (signal: LoopSignal | null, nowMs: number): DeployedOutcome => ({
    signal,
    hours: signal === null ? null : nowMs / hourMs,
    commits: commitsMs.length,
    commitsInBusiestHour: busiestHour(commitsMs),
    longestWaitMinutes: longestWaitMs / 60_000,
  })
  for (;;) {
    const now = Math.min(own, answer, due)
    if (now > lengthMs) return end(null, now)
    if (now < due) {
      if (answer <= own) answer = Infinity
      else own = writing.afterWrite(now)
      breaker.wrote(path, now, false)
      waitingSince = Math.min(waitingSince, now)
    }
    const lane = breaker.lane(path, now, chance)
    if (lane.kind === 'quarantine') return end(lane.signal, now)
    const isDue = now === due
    if (lane.kind === 'slow') due = lane.commitAtMs
    else if (!isDue) due = Math.min(now + quietMs, waitingSince + maxWaitMs)
    if (!isDue || due > now) continue
    const committedMs = now + commitLagMs
    breaker.committed([path], committedMs)
    commitsMs.push(committedMs)
    longestWaitMs = Math.max(longestWaitMs, committedMs - waitingSince)
    waitingSince = Infinity
    due = Infinity
    answer = Math.min(answer, writing.afterCommit(committedMs))
  }
}

function busiestHour(commitsMs: readonly number[]): number {
  let busiest = 0
  let from = 0
  for (const [index, atMs] of commitsMs.entries()) {
    while (atMs - (commitsMs[from] ?? atMs) >= hourMs) from += 1
    busiest = Math.max(busiest, index - from + 1)
  }
  return busiest
}
