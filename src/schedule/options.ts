/** All durations in milliseconds; the defaults stand in `config/default.json`. */
export interface ScheduleOptions {
  readonly quietMs: { readonly immediate: number; readonly code: number; readonly default: number }
  /** Ends the quiet period of a path that never rests. */
  readonly maxWaitMs: number
  /** How long a path must have rested to leave with a due one of its group. */
  readonly takeAlongQuietMs: number
  /** What one batch takes along at most, but for a single path. */
  readonly batchBytesMax: number
  /** The longest that an open agent turn keeps its paths. */
  readonly turnMaxMs: number
  readonly limits: BudgetLimits
  readonly retry: RetryDelays
  /** Between two looks for an unreachable remote; grows from min to max. */
  readonly probe: { readonly minMs: number; readonly maxMs: number }
  readonly push: { readonly enabled: boolean; readonly minIntervalMs: number }
  readonly verifyIntervalMs: number
  readonly verifyEnabled: boolean
  /** Whether the remote's commits are brought in. */
  readonly integrateEnabled: boolean
  readonly reconcileIntervalMs: number
  /** Instead of `reconcileIntervalMs` while the watcher cannot see everything. */
  readonly degradedReconcileMs: number
}

export interface BudgetLimits {
  /** gather: beyond the two numbers one commit per gather interval. strict: beyond them none. */
  readonly mode: 'gather' | 'strict'
  readonly commitsPerHour: number
  readonly commitsPerDay: number
  readonly gatherMs: number
  readonly gatherPastDayMs: number
}

export interface RetryDelays {
  /** The first waits; afterwards the last one doubles. */
  readonly delaysMs: readonly number[]
  readonly maxMs: number
}
