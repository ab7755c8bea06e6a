import type { ScheduleOptions } from './options.ts'
import type { ScheduleState } from './state.ts'
import { dueAtMs } from './quiet.ts'

/** A wait that became shorter ends earlier; one that became longer does when its old end is met. */
export function setOptions(state: ScheduleState, options: ScheduleOptions, nowMs: number): void {
  state.options = options
  const { looking, pending, remote } = state
  for (const waiting of pending.byPath.values()) pending.queue.put(waiting, dueAtMs(state, waiting))
  looking.nextAtMs = Math.min(looking.nextAtMs, nowMs + options.reconcileIntervalMs)
  remote.nextVerifyAtMs = Math.min(remote.nextVerifyAtMs, nowMs + options.verifyIntervalMs)
}
