import type { Batch, Failure, PathBytes, Pause } from '../types.ts'
import type { Action } from './messages.ts'
import type { Budget } from './budget.ts'
import type { ScheduleOptions } from './options.ts'
import type { Pending, Waiting } from './pending.ts'

/** Mutable inside the room only; outside it is an opaque value that `step` takes and gives back. */
export interface ScheduleState {
  options: ScheduleOptions
  random: number
  nextBatchId: number
  readonly pending: Pending
  /** Due and waiting for their turn or for the budget, each with the instant it became due. */
  readonly ready: { readonly groups: Map<string, number>; readonly patterns: Map<string, number> }
  /** Pending went over its limit: something was not noted and must be looked for again. */
  overflowSinceMs: number | null
  readonly turns: Turns
  inFlight: InFlight | null
  headMovedTries: number
  commitTrouble: Trouble | null
  readonly budget: Budget
  readonly held: Held
  pauses: readonly Pause[]
  readonly remote: Remote
  readonly looking: Looking
  readonly flushes: Map<number, Flush>
  /** Names of failures already told, until they heal. */
  readonly told: { commit: string | null; remote: string | null; look: string | null }
  /** Counts flushes and failures, to know which came first. */
  serial: number
  retries: number
}

interface Turns {
  /** Open ones by session, with the instant of their opening. */
  readonly open: Map<string, number>
  /** Ended ones whose batch has not left, with the instant of their end. */
  readonly ended: Map<string, number>
}

export interface InFlight {
  readonly batch: Batch
  readonly entries: ReadonlyMap<PathBytes, Waiting>
  sinceMs: number
  /** Judged meanwhile to need nothing or to be held, when HEAD may still have lacked the batch: since when. */
  readonly doubted: Map<PathBytes, number>
  /** Of the session whose turn's end this batch is. */
  readonly turn: { readonly session: string; endedAtMs: number } | null
}

/** A failure that stands in the way until it heals. */
export interface Trouble {
  readonly failure: Failure
  /** Told apart by it from what a later flush still has to find out. */
  readonly serial: number
  tries: number
  retryAtMs: number
}

interface Held {
  readonly paths: Map<PathBytes, { readonly reason: string; sinceMs: number }>
  /** Held beyond the limit of the list; only counted. */
  unlisted: number
}

interface Remote {
  unpushed: boolean
  unpushedSinceMs: number | null
  pushing: boolean
  /** HEAD moved since the push began: what it carried may not be what HEAD is on. */
  pushStale: boolean
  /** Commits made while the push ran, which it does not carry. */
  madeDuringPush: number
  madeDuringPushSinceMs: number | null
  lastPushAtMs: number
  /** A flush waits: neither the interval nor a backoff holds the next try. */
  urgent: boolean
  verifying: boolean
  /** The remote's commits are being brought in. */
  integrating: boolean
  /** Not before; while they are being brought in: since when. */
  integrateAtMs: number
  /** When what was changed here since will have rested: it may be out of the way then. Infinity: nothing was. */
  restedAtMs: number
  /** In a row that something here was in the way. */
  integrateTries: number
  /** A commit, a push or a move of HEAD came between: what the look saw is out of date. */
  verifyStale: boolean
  knocking: boolean
  knockAtMs: number
  /** Since it was last within reach: it opened the door, and a look failed all the same. */
  knockAnswered: boolean
  lastVerifyAtMs: number
  nextVerifyAtMs: number
  /** When the last look or push began, counted as flushes are; -1: none that still says something. */
  beganSerial: number
  /** The same of the last one by which the remote has all that HEAD is on. */
  provenSerial: number
  ahead: number
  behind: number
  behindSinceMs: number | null
  verifiedAtMs: number | null
  /** Pushes in a row that were refused because the remote has more. */
  refused: number
  /** reached: it answered a look since, so a push is tried. */
  trouble: (Trouble & { readonly reached: boolean }) | null
}

/** The comparison of the whole tree. */
interface Looking {
  running: boolean
  /** Something was lost since it began. */
  stale: boolean
  wanted: string | null
  nextAtMs: number
  endedAtMs: number
  /** The last one that went well. */
  doneAtMs: number | null
  /** Failures since. */
  failedTries: number
  failure: Failure | null
  degraded: boolean
}

export interface Flush {
  readonly id: number
  readonly paths: readonly PathBytes[] | null
  readonly serial: number
  askedAtMs: number
  /** Asked for and neither committed nor otherwise dealt with. */
  readonly remaining: Set<PathBytes>
  /** Found to be held, and why, when a newer change of the path waited already. */
  readonly overtaken: Map<PathBytes, string>
}

/** One step under way. */
export interface Step {
  readonly state: ScheduleState
  readonly nowMs: number
  readonly actions: Action[]
}
