import type { HeldPath, PaceClass, PathBytes } from '../types.ts'
import type { ScheduleState } from './state.ts'
import type { BudgetUse } from './budget.ts'
import { budgetUse } from './budget.ts'
import { BEHIND_TEXT, describe } from './failures.ts'
import { dueAtMs } from './quiet.ts'

/** Pending paths listed, the earliest due first; the rest is only counted. */
const PENDING_LISTED_MAX = 1_000
/** A path that is not whole for this long is named. */
const UNSETTLED_TOLD_MS = 60_000

export interface ScheduleView {
  readonly phase: 'idle' | 'pending' | 'committing' | 'pushing' | 'paused' | 'offline' | 'degraded'
  /** Name of the pause or failure that stands in the way of a commit or else of a push, or else of seeing all. */
  readonly reason: string | null
  readonly detail: string | null
  readonly pending: readonly { readonly path: PathBytes; readonly class: PaceClass; readonly dueAtMs: number }[]
  readonly pendingCount: number
  readonly pendingBytes: number
  readonly budget: BudgetUse
  readonly held: readonly (HeldPath & { readonly sinceMs: number })[]
  /** Held paths beyond those listed. */
  readonly heldUnlisted: number
  /** Not whole for over a minute. */
  readonly unsettled: readonly PathBytes[]
  readonly oldestUnsyncedAtMs: number | null
  readonly ahead: number
  readonly behind: number
  readonly verifiedAtMs: number | null
  /** When the whole tree was last compared with HEAD; null: not yet. */
  readonly lookedAtMs: number | null
  /** Every comparison since has failed, so changes may be unknown. */
  readonly lookTrouble: boolean
  readonly retries: number
}

/** What `status` tells of the schedule. Costs time in proportion to what is pending. */
export function view(state: ScheduleState, nowMs: number): ScheduleView {
  const { remote } = state
  const obstacle = obstacleOf(state)
  const waiting = [...state.pending.byPath.values()]
  const pending = waiting
    .map((one) => ({ path: one.change.path, class: one.change.class, dueAtMs: dueAtMs(state, one) }))
    .toSorted((a, b) => a.dueAtMs - b.dueAtMs)
  return {
    phase: phaseOf(state, obstacle),
    reason: obstacle?.name ?? null,
    detail: obstacle?.detail ?? null,
    pending: pending.slice(0, PENDING_LISTED_MAX),
    pendingCount: pending.length + (state.inFlight?.entries.size ?? 0),
    pendingBytes: [...waiting, ...(state.inFlight?.entries.values() ?? [])].reduce(
      (sum, one) => sum + one.change.sizeBytes,
      0,
    ),
    budget: budgetUse(state.budget, state.options.limits, nowMs),
    held: [...state.held.paths].map(([path, { reason, sinceMs }]) => ({ path, reason, sinceMs })),
    heldUnlisted: state.held.unlisted,
    unsettled: waiting
      .filter((one) => one.unsettledSinceMs !== null && nowMs - one.unsettledSinceMs >= UNSETTLED_TOLD_MS)
      .map((one) => one.change.path),
    oldestUnsyncedAtMs: oldestUnsynced(state),
    ahead: remote.ahead,
    behind: remote.behind,
    verifiedAtMs: remote.verifiedAtMs,
    lookedAtMs: state.looking.doneAtMs,
    lookTrouble: state.looking.failure !== null,
    retries: state.retries,
  }
}

interface Obstacle {
  readonly name: string
  readonly detail: string
  readonly phase: 'paused' | 'offline' | 'degraded'
}

function obstacleOf(state: ScheduleState): Obstacle | null {
  const { remote } = state
  const pause = state.pauses.find(({ stops }) => stops === 'commit')
  if (pause !== undefined) return { ...pause, phase: 'paused' }
  const failed = state.commitTrouble?.failure
  if (failed !== undefined) return { ...failed, phase: 'paused' }
  const [pushPause] = state.pauses
  if (pushPause !== undefined) return { ...pushPause, phase: 'paused' }
  if (remote.behind > 0) {
    return { name: 'behind', detail: BEHIND_TEXT, phase: 'paused' }
  }
  const trouble = remote.trouble?.failure
  if (trouble === undefined) return lookObstacle(state)
  return { ...trouble, phase: trouble.heals === 'unreachable' ? 'offline' : 'paused' }
}

/** Commits go on as far as the watcher sees, so nothing is paused. */
function lookObstacle({ looking }: ScheduleState): Obstacle | null {
  if (looking.failure === null) return null
  return { name: 'reconcile-failed', detail: describe(looking.failure), phase: 'degraded' }
}

function phaseOf(state: ScheduleState, obstacle: Obstacle | null): ScheduleView['phase'] {
  if (state.inFlight !== null) return 'committing'
  if (state.remote.pushing) return 'pushing'
  if (obstacle !== null) return obstacle.phase
  const waits = state.pending.byPath.size > 0 || unpushedSince(state) !== null || state.overflowSinceMs !== null
  return waits ? 'pending' : 'idle'
}

/** Whoever turned pushing off does not wait for it. */
function unpushedSince({ options, remote }: ScheduleState): number | null {
  return options.push.enabled && remote.unpushed ? remote.unpushedSinceMs : null
}

function oldestUnsynced(state: ScheduleState): number | null {
  let oldest = Math.min(state.overflowSinceMs ?? Infinity, unpushedSince(state) ?? Infinity)
  for (const waiting of state.pending.byPath.values()) oldest = Math.min(oldest, waiting.sinceMs)
  for (const entry of state.inFlight?.entries.values() ?? []) oldest = Math.min(oldest, entry.sinceMs)
  return oldest === Infinity ? null : oldest
}
