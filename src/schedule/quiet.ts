import type { Waiting } from './pending.ts'
import type { ScheduleState } from './state.ts'

/** Waits of a path found not whole: the first, doubling up to the last. */
const UNSETTLED_FIRST_MS = 300
const UNSETTLED_LAST_MS = 5_000

/**
 * When a path is due by its own timer alone. Slow: exactly when the breaker said. In an open turn: when the turn has
 * kept it as long as it may. Else when it has been quiet, or never was for `maxWaitMs`; not before a file found half
 * written is to be looked at again.
 */
export function dueAtMs(state: ScheduleState, waiting: Waiting): number {
  const { change } = waiting
  const { quietMs, maxWaitMs, turnMaxMs } = state.options
  if (waiting.asked) return waiting.notBeforeMs
  if (change.slow !== null) return Math.max(change.slow.commitAtMs, waiting.notBeforeMs)
  if (inOpenTurn(state, waiting)) return Math.max(waiting.sinceMs + turnMaxMs, waiting.notBeforeMs)
  const quiet = change.class === 'slow' ? quietMs.default : quietMs[change.class]
  return Math.max(Math.min(change.changedAtMs + quiet, waiting.sinceMs + maxWaitMs), waiting.notBeforeMs)
}

export function inOpenTurn(state: ScheduleState, waiting: Waiting): boolean {
  return waiting.change.session !== null && state.turns.open.has(waiting.change.session)
}

/** Has rested long enough to leave with a due path of its group. */
export function mayComeAlong(state: ScheduleState, waiting: Waiting, nowMs: number): boolean {
  if (waiting.notBeforeMs > nowMs || inOpenTurn(state, waiting)) return false
  return nowMs - waiting.change.changedAtMs >= state.options.takeAlongQuietMs
}

export function unsettledDelayMs(tries: number): number {
  return Math.min(UNSETTLED_LAST_MS, UNSETTLED_FIRST_MS * 2 ** Math.min(tries - 1, 10))
}
