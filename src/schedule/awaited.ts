/** What a flush still has to learn of the remote: only what began after it was asked tells it anything. */
import type { Flush, ScheduleState } from './state.ts'

/**
 * A look or push that began after the flush was asked has shown that the remote has all that HEAD is on, and HEAD all
 * that the remote has where that is brought in.
 */
export function isProven({ options, remote }: ScheduleState, flush: Flush): boolean {
  if (options.integrateEnabled && (remote.behind > 0 || remote.integrating)) return false
  return remote.provenSerial > flush.serial && !remote.unpushed && !remote.pushing
}

/** Nothing can be pushed for the flush and nothing has been asked of the remote since: a look has to. */
export function needsLook({ options, remote }: ScheduleState, flush: Flush): boolean {
  if (!options.push.enabled || flush.remaining.size > 0 || remote.beganSerial > flush.serial) return false
  return !remote.unpushed || remote.behind > 0
}

export function awaitsLook(state: ScheduleState): boolean {
  for (const flush of state.flushes.values()) if (needsLook(state, flush)) return true
  return false
}
