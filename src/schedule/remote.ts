import type { Failure, PushOutcome } from '../types.ts'
import type { RemoteView } from './messages.ts'
import type { ScheduleState, Step } from './state.ts'
import { awaitsLook } from './awaited.ts'
import { MOVED_REST_MS, retryNow, retryWith } from './circumstances.ts'
import { BEHIND_TEXT, tellOnce } from './failures.ts'
import { isOfSendingOnly } from './remote-standing.ts'
import { fail, heal, reached, refusedAgain } from './remote-trouble.ts'

/** Starts a push or a look at the remote where one is due. */
export function advanceRemote({ state, nowMs, actions }: Step): void {
  const { remote } = state
  if (pushAtMs(state) <= nowMs) {
    remote.pushing = true
    remote.pushStale = false
    remote.beganSerial = state.serial++
    remote.madeDuringPush = 0
    remote.madeDuringPushSinceMs = null
    remote.lastPushAtMs = nowMs
    remote.verifyStale = true
    actions.push({ kind: 'push' })
  }
  if (verifyAtMs(state) <= nowMs) {
    remote.verifying = true
    remote.verifyStale = false
    remote.lastVerifyAtMs = nowMs
    remote.nextVerifyAtMs = Infinity
    remote.beganSerial = state.serial++
    actions.push({ kind: 'verify' })
  }
}

export function remoteWakeMs(state: ScheduleState): number {
  return Math.min(pushAtMs(state), verifyAtMs(state))
}

export function pushDone(step: Step, outcome: PushOutcome): void {
  const { state, nowMs } = step
  const { remote } = state
  if (!remote.pushing) return
  remote.pushing = false
  remote.verifyStale = true
  switch (outcome.kind) {
    case 'pushed':
      remote.refused = 0
      // Of another HEAD: the look or the push that is due at once tells of this one.
      if (remote.pushStale) return
      remote.provenSerial = remote.beganSerial
      remote.behind = 0
      remote.behindSinceMs = null
      remote.ahead = remote.madeDuringPush
      remote.unpushed = remote.madeDuringPush > 0
      remote.unpushedSinceMs = remote.madeDuringPushSinceMs
      if (!remote.unpushed) remote.verifiedAtMs = nowMs
      remote.nextVerifyAtMs = nowMs + state.options.verifyIntervalMs
      heal(state)
      return
    case 'behind':
      // How far is not said; the look that follows at once counts, or what is brought in.
      remote.behind = Math.max(1, remote.behind)
      remote.behindSinceMs ??= nowMs
      remote.nextVerifyAtMs = nowMs
      if (!refusedAgain(step) && !state.options.integrateEnabled) tellOnce(step, 'remote', 'behind', BEHIND_TEXT)
      return
    case 'failed':
      fail(step, outcome.failure)
      if (remote.pushStale) retryNow(state, nowMs + MOVED_REST_MS)
      else if (remote.madeDuringPush > 0) retryWith(state, nowMs)
  }
}

export function verified(step: Step, view: RemoteView | null, failure: Failure | null): void {
  const { state, nowMs } = step
  const { remote } = state
  if (!remote.verifying) return
  remote.verifying = false
  remote.nextVerifyAtMs = Math.min(remote.nextVerifyAtMs, nowMs + state.options.verifyIntervalMs)
  if (view !== null) see(state, view, nowMs)
  // What was known of the branch that was checked out before is kept for when it is again.
  else if (failure === null) remote.verifiedAtMs = null
  if (failure !== null) fail(step, failure)
  else reached(step)
}

function see({ remote }: ScheduleState, view: RemoteView, nowMs: number): void {
  if (remote.verifyStale) {
    if (!remote.pushing) remote.beganSerial = -1
    return
  }
  remote.ahead = view.ahead
  remote.behind = view.behind
  remote.behindSinceMs = view.behind > 0 ? (remote.behindSinceMs ?? nowMs) : null
  remote.unpushed = view.ahead > 0
  remote.unpushedSinceMs = remote.unpushed ? (remote.unpushedSinceMs ?? nowMs) : null
  if (!remote.unpushed) {
    remote.refused = 0
    remote.provenSerial = remote.beganSerial
  }
  if (view.ahead === 0 && view.behind === 0) remote.verifiedAtMs = nowMs
}

/** When the next push goes; Infinity: none is wanted or something stands in its way that ends by an input. */
function pushAtMs(state: ScheduleState): number {
  const { remote, options } = state
  const wanted = options.push.enabled && remote.unpushed && !remote.pushing && !remote.integrating
  if (!wanted || remote.behind > 0 || state.pauses.length > 0) return Infinity
  const { trouble } = remote
  if (trouble !== null && probing(state)) return Infinity
  const intervalMs = remote.urgent ? 0 : options.push.minIntervalMs
  return Math.max(remote.lastPushAtMs + intervalMs, trouble?.retryAtMs ?? -Infinity)
}

/** When the remote is looked at next. In trouble a look is the retry where no push is, or the cheap probe before it. */
function verifyAtMs(state: ScheduleState): number {
  const { remote, options } = state
  if (remote.verifying || remote.pushing || remote.integrating) return Infinity
  if (remote.trouble !== null && !isOfSendingOnly(state)) {
    const pushIsRetry = options.push.enabled && remote.unpushed && remote.behind === 0 && !probing(state)
    return pushIsRetry ? Infinity : remote.trouble.retryAtMs
  }
  if (awaitsLook(state)) return -Infinity
  return options.verifyEnabled || remote.behind > 0 ? remote.nextVerifyAtMs : Infinity
}

function probing({ remote }: ScheduleState): boolean {
  return remote.trouble?.failure.heals === 'unreachable' && !remote.trouble.reached && !remote.urgent
}
