/** When the remote's commits are brought in, and what came of it. */
import { automaticNow, spend } from './budget.ts'
import { retryNow } from './circumstances.ts'
import { isLagging, isOfSendingOnly } from './remote-standing.ts'
import { fail, heal, reached } from './remote-trouble.ts'
import type { IntegrationResult } from './messages.ts'
import type { ScheduleState, Step } from './state.ts'

/** Something here was in the way that ends by itself: a file that is being written, another git command. */
const LATER_MIN_MS = 400
const LATER_MAX_MS = 8_000
/** What was changed and is left alone so long may be whole by now: longer than the guard looks for it. */
const REST_MS = 400

export function advanceIntegration({ state, nowMs, actions }: Step): void {
  if (integrateAtMs(state) > nowMs) return
  const { remote } = state
  remote.integrating = true
  remote.integrateAtMs = nowMs
  remote.verifyStale = false
  remote.beganSerial = state.serial++
  actions.push({ kind: 'integrate', commitsMax: automaticNow(state.budget, state.options.limits, nowMs) })
}

/** Infinity: nothing is to be brought in, or what stands in its way ends by an input. */
export function integrateAtMs(state: ScheduleState): number {
  const { remote, options, inFlight } = state
  const wanted = options.integrateEnabled && remote.behind > 0 && !remote.integrating
  // One at a time: a push carries what is here, and a commit may be of the very paths that the remote changed.
  if (!wanted || remote.pushing || inFlight !== null || state.pauses.length > 0) return Infinity
  const troubleMs = isOfSendingOnly(state) ? -Infinity : (remote.trouble?.retryAtMs ?? -Infinity)
  return Math.max(Math.min(remote.integrateAtMs, remote.restedAtMs), troubleMs)
}

/** Something here is another now: what was in the way may not be when it has come to rest. */
export function stirred({ remote }: ScheduleState, nowMs: number): void {
  remote.restedAtMs = nowMs + REST_MS
}

export function integrated(step: Step, result: IntegrationResult): void {
  const { state, nowMs } = step
  const { remote } = state
  if (!remote.integrating) return
  remote.integrating = false
  // Nothing was changed since: only time can help.
  if (remote.restedAtMs <= remote.integrateAtMs) remote.restedAtMs = Infinity
  remote.integrateAtMs = -Infinity
  for (let made = 0; made < result.commits; made++) spend(state.budget, true, state.options.limits, nowMs)
  switch (result.kind) {
    case 'done':
      remote.integrateTries = 0
      // Another machine's push came first, and its commits are here now.
      if (result.brought === true) remote.refused = 0
      see(step, result.ahead)
      if (isLagging(state) && remote.unpushed) retryNow(state, nowMs)
      else if (remote.refused > 0 || isOfSendingOnly(state)) reached(step)
      else heal(state)
      return
    // Of what stopped it a pause tells, whose end is an input.
    case 'stopped':
    case 'later':
      if (result.commits > 0) stirred(state, nowMs)
      remote.integrateTries++
      remote.integrateAtMs = nowMs + Math.min(LATER_MAX_MS, LATER_MIN_MS * 2 ** (remote.integrateTries - 1))
      return
    case 'failed':
      fail(step, result.failure)
  }
}

/** HEAD has all that the remote has by now. */
function see({ state, nowMs }: Step, ahead: number): void {
  const { remote } = state
  remote.behind = 0
  remote.behindSinceMs = null
  remote.ahead = ahead
  remote.unpushed = ahead > 0
  remote.unpushedSinceMs = remote.unpushed ? (remote.unpushedSinceMs ?? nowMs) : null
  remote.nextVerifyAtMs = nowMs + state.options.verifyIntervalMs
  if (remote.verifyStale) {
    remote.nextVerifyAtMs = nowMs
    return
  }
  if (remote.unpushed) return
  remote.provenSerial = remote.beganSerial
  remote.refused = 0
  remote.verifiedAtMs = nowMs
}
