import type { ScheduleState, Step } from './state.ts'
import { retryDelayMs } from './backoff.ts'
import { drained } from './intake.ts'

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
  actions.push({ kind: 'reconcile', reason: looking.wanted ?? 'timer' })
  looking.wanted = null
  state.held.unlisted = 0
}

export function lookAtMs({ looking }: ScheduleState): number {
  if (looking.running) return Infinity
  const wantedMs = looking.wanted === null ? Infinity : looking.endedAtMs + REST_MS
  return Math.min(wantedMs, looking.nextAtMs)
}

export function looked({ state, nowMs }: Step, ok: boolean): void {
  const { looking, options } = state
  if (!looking.running) return
  looking.running = false
  looking.endedAtMs = nowMs
  looking.failedTries = ok ? 0 : looking.failedTries + 1
  const regularMs = looking.degraded ? options.degradedReconcileMs : options.reconcileIntervalMs
  const waitMs = ok ? regularMs : Math.min(regularMs, retryDelayMs(looking.failedTries, options.retry, state))
  looking.nextAtMs = nowMs + waitMs
}

/** A watcher that lost its sight is replaced by looking often. */
export function setDegraded(state: ScheduleState, degraded: boolean, nowMs: number): void {
  const { looking, options } = state
  looking.degraded = degraded
  if (degraded) looking.nextAtMs = Math.min(looking.nextAtMs, nowMs + options.degradedReconcileMs)
}
