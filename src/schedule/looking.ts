import type { Failure } from '../types.ts'
import type { ScheduleState, Step } from './state.ts'
import { retryDelayMs } from './backoff.ts'
import { describe, tellOnce } from './failures.ts'
import { drained } from './intake.ts'

const UNSAID: Failure = {
  name: 'unknown',
  detail: 'the comparison failed',
  hint: 'it is tried again; the log says more',
  heals: 'backoff',
}
/** Rest between two comparisons of the whole tree that were asked for, however often they are. */
const REST_MS = 1_000

/** Asks for one comparison of the whole tree; while one runs, for one more after it. */
export function wantLook(state: ScheduleState, reason: string): void {
  state.looking.wanted ??= reason
}

export function advanceLooking({ state, nowMs, actions }: Step): void {
  const { looking } = state
  if (drained(state)) {
    state.overflowSinceMs = null
    wantLook(state, 'too many changes at once')
  }
  if (lookAtMs(state) > nowMs) return
  looking.running = true
  looking.stale = false
  actions.push({ kind: 'reconcile', reason: looking.wanted ?? 'timer' })
  looking.wanted = null
  state.held.unlisted = 0
}

export function lookAtMs({ looking }: ScheduleState): number {
  if (looking.running) return Infinity
  const wantedMs = looking.wanted === null ? Infinity : looking.endedAtMs + REST_MS
  return Math.min(wantedMs, looking.nextAtMs)
}

export function looked(step: Step, ok: boolean, failure: Failure | null): void {
  const { state, nowMs } = step
  const { looking, options } = state
  if (!ok) fail(step, failure ?? UNSAID)
  else if (looking.failure === null || (looking.running && !looking.stale)) succeed(state, nowMs)
  if (looking.running) {
    looking.running = false
    looking.endedAtMs = nowMs
    looking.nextAtMs = Infinity
  }
  const regularMs = looking.degraded ? options.degradedReconcileMs : options.reconcileIntervalMs
  const waitMs = ok ? regularMs : Math.min(regularMs, retryDelayMs(looking.failedTries, options.retry, state))
  looking.nextAtMs = Math.min(looking.nextAtMs, nowMs + waitMs)
}

export function lookFailed(step: Step, failure: Failure): void {
  fail(step, failure)
  step.state.looking.stale = true
  wantLook(step.state, 'looking failed')
}

function succeed(state: ScheduleState, nowMs: number): void {
  state.looking.doneAtMs = nowMs
  state.looking.failedTries = 0
  state.looking.failure = null
  state.told.look = null
}

function fail(step: Step, failure: Failure): void {
  const { looking } = step.state
  looking.failedTries++
  looking.failure = failure
  tellOnce(step, 'look', failure.name, `the tree cannot be compared with HEAD: ${describe(failure)}`)
}
