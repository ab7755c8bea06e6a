import type { Oid, PathBytes } from '../types.ts'
import type { PendingChange } from './messages.ts'
import { DueQueue } from './due-queue.ts'
import type { Queued } from './due-queue.ts'

/** A change on its way into a batch. */
export interface Waiting extends Queued {
  change: PendingChange
  /** First change since the path was last dealt with. */
  sinceMs: number
  /** Not whole when last looked at: nothing is tried before this. */
  notBeforeMs: number
  /** Looks in a row that found it not whole. */
  tries: number
  unsettledSinceMs: number | null
  /** A flush asked for it. */
  asked: boolean
}

/** What is pending, findable by path, by due instant, and by everything that leaves together. */
export interface Pending {
  readonly byPath: Map<PathBytes, Waiting>
  readonly queue: DueQueue<Waiting>
  /** All but slow ones. */
  readonly byGroup: Map<string, Set<Waiting>>
  /** Slow ones, by pattern. */
  readonly byPattern: Map<string, Set<Waiting>>
  /** What a flush asked for, slow or not, by group. */
  readonly asked: Map<string, Set<Waiting>>
  /** Halves of renames that are not slow, as `<half> <blob id>`. */
  readonly halves: Map<string, Set<Waiting>>
}

export function emptyPending(): Pending {
  return {
    byPath: new Map(),
    queue: new DueQueue(),
    byGroup: new Map(),
    byPattern: new Map(),
    asked: new Map(),
    halves: new Map(),
  }
}

/** Makes the entry findable, everywhere but in the queue. */
export function link(pending: Pending, waiting: Waiting): void {
  const { change } = waiting
  pending.byPath.set(change.path, waiting)
  if (change.slow === null) {
    include(pending.byGroup, change.group, waiting)
    if (change.rename !== null) include(pending.halves, halfKey(change.rename.half, change.rename.oid), waiting)
  } else {
    include(pending.byPattern, change.slow.pattern, waiting)
  }
  if (waiting.asked) include(pending.asked, change.group, waiting)
}

export function unlink(pending: Pending, waiting: Waiting): void {
  const { change } = waiting
  pending.byPath.delete(change.path)
  if (change.slow === null) {
    exclude(pending.byGroup, change.group, waiting)
    if (change.rename !== null) exclude(pending.halves, halfKey(change.rename.half, change.rename.oid), waiting)
  } else {
    exclude(pending.byPattern, change.slow.pattern, waiting)
  }
  if (waiting.asked) exclude(pending.asked, change.group, waiting)
}

export function halfKey(half: 'deleted' | 'created', oid: Oid): string {
  return `${half} ${oid}`
}

function include(index: Map<string, Set<Waiting>>, key: string, waiting: Waiting): void {
  const set = index.get(key)
  if (set === undefined) index.set(key, new Set([waiting]))
  else set.add(waiting)
}

function exclude(index: Map<string, Set<Waiting>>, key: string, waiting: Waiting): void {
  const set = index.get(key)
  if (set === undefined) return
  set.delete(waiting)
  if (set.size === 0) index.delete(key)
}
