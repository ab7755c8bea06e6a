import type { ScheduleOptions } from './options.ts'
import type { ScheduleState } from './state.ts'
import { emptyPending } from './pending.ts'

/** What of a schedule outlives the daemon: plain JSON, instants in wall-clock milliseconds. */
export interface SavedSchedule {
  /** Commits of the last day, oldest first. */
  readonly commitsAtMs: readonly number[]
  readonly lastAutomaticAtMs: number | null
  /** A commit was under way: it may or may not have been made. */
  readonly committing: boolean
  /** The oldest change that is committed but not known to be on the remote. */
  readonly unpushedSinceMs: number | null
}

/** A schedule at rest. Its first step asks for a comparison of the whole tree and a look at the remote. */
export function createSchedule(
  options: ScheduleOptions,
  saved: SavedSchedule | null,
  seed: number,
  nowMs: number,
): ScheduleState {
  // The clock may have been set back since: a commit in the future would block its window for as long.
  const instantsMs = (saved?.commitsAtMs ?? []).map((atMs) => Math.min(atMs, nowMs)).toSorted((a, b) => a - b)
  const lastMs = Math.min(saved?.lastAutomaticAtMs ?? -Infinity, nowMs)
  if (saved?.committing === true) instantsMs.push(nowMs)
  const unpushed = (saved?.unpushedSinceMs ?? null) !== null || !options.verifyEnabled
  return {
    options,
    random: seed >>> 0,
    nextBatchId: 1,
    pending: emptyPending(),
    ready: { groups: new Map(), patterns: new Map() },
    overflowSinceMs: null,
    turns: { open: new Map(), ended: new Map() },
    inFlight: null,
    headMovedTries: 0,
    commitTrouble: null,
    budget: { instantsMs, lastAutomaticMs: saved?.committing === true ? nowMs : lastMs },
    held: { paths: new Map(), unlisted: 0 },
    pauses: [],
    remote: {
      unpushed,
      unpushedSinceMs: saved?.unpushedSinceMs ?? null,
      pushing: false,
      pushStale: false,
      madeDuringPush: 0,
      madeDuringPushSinceMs: null,
      lastPushAtMs: -Infinity,
      urgent: false,
      verifying: false,
      integrating: false,
      integrateAtMs: -Infinity,
      restedAtMs: Infinity,
      integrateTries: 0,
      verifyStale: false,
      knocking: false,
      knockAtMs: Infinity,
      knockAnswered: false,
      lastVerifyAtMs: -Infinity,
      nextVerifyAtMs: nowMs,
      beganSerial: -1,
      provenSerial: -1,
      ahead: 0,
      behind: 0,
      behindSinceMs: null,
      verifiedAtMs: null,
      refused: 0,
      trouble: null,
    },
    looking: {
      running: false,
      stale: false,
      wanted: 'start',
      nextAtMs: nowMs,
      endedAtMs: -Infinity,
      doneAtMs: null,
      failedTries: 0,
      failure: null,
      degraded: false,
    },
    flushes: new Map(),
    told: { commit: null, remote: null, look: null },
    serial: 0,
    retries: 0,
  }
}

/** What must survive the daemon. Saved before the actions of a step are carried out, no ceiling breaks in a crash. */
export function save(state: ScheduleState): SavedSchedule {
  const { budget, inFlight, remote } = state
  const committingSinceMs = inFlight?.sinceMs ?? null
  return {
    commitsAtMs: [...budget.instantsMs],
    lastAutomaticAtMs: budget.lastAutomaticMs === -Infinity ? null : budget.lastAutomaticMs,
    committing: committingSinceMs !== null,
    unpushedSinceMs: remote.unpushedSinceMs ?? committingSinceMs,
  }
}
