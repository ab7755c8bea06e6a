import type { Config } from '../config/config.ts'
import type { ScheduleOptions } from '../schedule/schedule.ts'

/** How long a path must have rested to leave together with a due one. */
const takeAlongQuietMs = 1_000
/** The longest that an open agent turn keeps its paths. */
const turnMsMax = 15 * 60_000
/** An unreachable remote is probed between these two, so that healing is noticed at once. */
const probe = { minMs: 1_000, maxMs: 60_000 }
/** What the watcher cannot see is found this often. */
const degradedReconcileMs = 30_000

/** @param pushAllowed false: whoever started it wants nothing to do with the remote, whatever is configured */
export function scheduleOptions(config: Config, pushAllowed: boolean, dryRun: boolean): ScheduleOptions {
  const { immediateMs, codeMs, defaultMs, maxWaitMs } = config.debounce
  return {
    quietMs: { immediate: immediateMs, code: codeMs, default: defaultMs },
    maxWaitMs,
    takeAlongQuietMs,
    batchBytesMax: config.guard.maxCommitSizeBytes,
    turnMaxMs: turnMsMax,
    limits: config.limits,
    retry: config.retry,
    probe,
    push: { enabled: pushAllowed && config.push.enabled, minIntervalMs: config.push.minIntervalMs },
    verifyIntervalMs: config.pull.intervalMs,
    verifyEnabled: pushAllowed && config.pull.enabled,
    integrateEnabled: config.pull.enabled && !dryRun,
    reconcileIntervalMs: config.reconcile.intervalMs,
    degradedReconcileMs,
  }
}
