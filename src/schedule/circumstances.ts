/** What changes around the schedule without its doing. */
import type { FailureName } from '../types.ts'
import { isLagging } from './remote-standing.ts'
import type { ScheduleState } from './state.ts'

/** Rest between two tries that only moves of HEAD ask for: a rebase makes hundreds. */
export const MOVED_REST_MS = 1_000
/** Failures that a host or a hook may mean the content by. */
const OF_CONTENT: ReadonlySet<FailureName> = new Set(['hook-refused', 'rejected', 'too-large'])

/** HEAD is on something else, or much time may have passed: nobody has seen whether the remote has what it is on. */
export function remoteUnseen(state: ScheduleState, nowMs: number): void {
  const { remote, options } = state
  const soonMs = Math.max(nowMs, remote.lastVerifyAtMs + MOVED_REST_MS)
  remote.verifiedAtMs = null
  remote.provenSerial = -1
  remote.verifyStale = true
  remote.pushStale = true
  remote.nextVerifyAtMs = Math.min(remote.nextVerifyAtMs, soonMs)
  // What a person must mend may be a matter of the branch or the commits; the network is none of HEAD's.
  retryNow(state, soonMs)
  if (options.verifyEnabled) return
  remote.unpushed = true
  remote.unpushedSinceMs ??= nowMs
}

/** Waits for a person end early when the circumstances change. */
export function retryNow(state: ScheduleState, atMs: number): void {
  const { trouble } = state.remote
  if (trouble?.failure.heals === 'person' || trouble?.failure.name === 'lagging')
    trouble.retryAtMs = Math.min(trouble.retryAtMs, atMs)
}

/**
 * What was refused for what files hold may go with a commit that mends one, and what another place lacks holds up no
 * commit of the remote's; the tries are as many as the commits.
 */
export function retryWith(state: ScheduleState, atMs: number): void {
  if (isLagging(state) || OF_CONTENT.has(state.remote.trouble?.failure.name ?? 'unknown')) retryNow(state, atMs)
}

/** A watcher that lost its sight is replaced by looking often. */
export function setDegraded(state: ScheduleState, degraded: boolean, nowMs: number): void {
  const { looking, options } = state
  looking.degraded = degraded
  if (degraded) looking.nextAtMs = Math.min(looking.nextAtMs, nowMs + options.degradedReconcileMs)
}
