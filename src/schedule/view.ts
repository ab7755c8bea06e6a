import type { HeldPath, PaceClass, PathBytes } from '../types.ts'
import type { Waiting } from './pending.ts'
import type { ScheduleState } from './state.ts'
import type { BudgetUse } from './budget.ts'
import { automaticAtMs, budgetUse, freeAtMs } from './budget.ts'
import { BEHIND_TEXT, describe } from './failures.ts'
import { dueAtMs } from './quiet.ts'
import { isLagging, isLeftBehind } from './remote-standing.ts'

/** Pending paths listed, the earliest due first; the rest is only counted. */
const PENDING_LISTED_MAX = 1_000
/** A path that is not whole for this long is named. */
const UNSETTLED_TOLD_MS = 60_000

export interface ScheduleView {
  readonly phase: 'idle' | 'pending' | 'committing' | 'pushing' | 'integrating' | 'paused' | 'offline' | 'degraded'
  /** Name of the pause or failure that stands in the way of a commit or else of a push, or else of seeing all. */
  readonly reason: string | null
  readonly detail: string | null
  /** It is only that the remote cannot be reached: commits go on, and it heals by itself. */
  readonly isOffline: boolean
  /** The earliest due ones of those that wait. */
  readonly pending: readonly PendingView[]
  /** With those of a batch in flight. */
  readonly pendingCount: number
  /** Waiting beyond those listed. */
  readonly pendingUnlisted: number
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
  /** Since when the remote is known to have commits that are not here; null: it has none. */
  readonly behindSinceMs: number | null
  readonly verifiedAtMs: number | null
  /** When the whole tree was last compared with HEAD; null: not yet. */
  readonly lookedAtMs: number | null
  /** Every comparison since has failed, so changes may be unknown. */
  readonly lookTrouble: boolean
  readonly retries: number
}

interface PendingView {
  readonly path: PathBytes
  readonly class: PaceClass
  readonly dueAtMs: number
}

/** What `status` tells of the schedule. One pass over what is pending: 14 ms for the 200,000 that may be. */
export function view(state: ScheduleState, nowMs: number): ScheduleView {
  const { remote } = state
  const obstacle = obstacleOf(state)
  const waiting = state.pending.byPath.size
  const pending = earliestPending(state)
  return {
    phase: phaseOf(state, obstacle),
    reason: obstacle?.name ?? null,
    detail: obstacle?.detail ?? null,
    isOffline: obstacle?.phase === 'offline',
    pending,
    pendingCount: waiting + (state.inFlight?.entries.size ?? 0),
    pendingUnlisted: waiting - pending.length,
    pendingBytes: bytesOf(state.pending.byPath) + bytesOf(state.inFlight?.entries ?? new Map()),
    budget: budgetUse(state.budget, state.options.limits, nowMs),
    held: [...state.held.paths].map(([path, { reason, sinceMs }]) => ({ path, reason, sinceMs })),
    heldUnlisted: state.held.unlisted,
    unsettled: unsettledPaths(state, nowMs),
    oldestUnsyncedAtMs: oldestUnsynced(state),
    ahead: remote.ahead,
    behind: remote.behind,
    behindSinceMs: remote.behindSinceMs,
    verifiedAtMs: remote.verifiedAtMs,
    lookedAtMs: state.looking.doneAtMs,
    lookTrouble: state.looking.failure !== null,
    retries: state.retries,
  }
}

/** Twice as many as are listed are gathered before the later half is dropped: no sorting of all that is pending. */
function earliestPending(state: ScheduleState): readonly PendingView[] {
  let earliest: PendingView[] = []
  let tooLateMs = Infinity
  const cut = (): void => {
    earliest = earliest.toSorted((a, b) => a.dueAtMs - b.dueAtMs).slice(0, PENDING_LISTED_MAX)
  }
  for (const waiting of state.pending.byPath.values()) {
    const dueMs = Math.max(dueAtMs(state, waiting), roomAtMs(state, waiting))
    if (dueMs >= tooLateMs) continue
    earliest.push({ path: waiting.change.path, class: waiting.change.class, dueAtMs: dueMs })
    if (earliest.length < 2 * PENDING_LISTED_MAX) continue
    cut()
    tooLateMs = earliest.at(-1)?.dueAtMs ?? Infinity
  }
  cut()
  return earliest
}

/** Nothing is due before the budget has room for it. */
function roomAtMs({ budget, options: { limits } }: ScheduleState, { change }: Waiting): number {
  const atMs = change.class === 'slow' ? freeAtMs(budget, limits) : automaticAtMs(budget, limits)
  return Number.isFinite(atMs) ? atMs : -Infinity
}

function bytesOf(entries: ReadonlyMap<PathBytes, Waiting>): number {
  let sum = 0
  for (const { change } of entries.values()) sum += change.sizeBytes
  return sum
}

function unsettledPaths(state: ScheduleState, nowMs: number): readonly PathBytes[] {
  const found: PathBytes[] = []
  for (const { change, unsettledSinceMs } of state.pending.byPath.values()) {
    if (unsettledSinceMs !== null && nowMs - unsettledSinceMs >= UNSETTLED_TOLD_MS) found.push(change.path)
  }
  return found
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
  if (isLeftBehind(state)) return { name: 'behind', detail: BEHIND_TEXT, phase: 'paused' }
  const trouble = remote.trouble?.failure
  if (trouble === undefined) return lookObstacle(state)
  if (isLagging(state)) return { ...trouble, phase: 'degraded' }
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
  if (state.remote.integrating) return 'integrating'
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
