import type { HeldPath, PathBytes } from '../types.ts'
import type { PendingChange } from './messages.ts'
import type { Waiting } from './pending.ts'
import type { ScheduleState, Step } from './state.ts'
import { askAgain, forgetAsked, isAsked } from './asked.ts'
import { hold } from './held.ts'
import { link, unlink } from './pending.ts'
import { stirred } from './integration.ts'
import { dueAtMs } from './quiet.ts'

/** Paths pending at most. Beyond it a path is not noted; the tree is compared again when half of them are gone. */
const PENDING_MAX = 200_000

/** Notes a change; one of a path that is pending already restarts its quiet period. */
export function note(step: Step, change: PendingChange): void {
  const { state, nowMs } = step
  const { pending } = state
  stirred(state, nowMs)
  const wasHeld = state.held.paths.delete(change.path)
  // A file system's clock may run ahead of ours; a quiet period that starts in the future would have no bound.
  const changedAtMs = Math.min(change.changedAtMs, nowMs)
  const known = pending.byPath.get(change.path)
  if (known === undefined && pending.byPath.size >= PENDING_MAX) {
    overflow(step)
    return
  }
  const waiting = known ?? newWaiting(change, changedAtMs)
  if (known !== undefined) unlink(pending, known)
  waiting.change = { ...change, changedAtMs: Math.max(changedAtMs, known?.change.changedAtMs ?? -Infinity) }
  waiting.sinceMs = Math.min(waiting.sinceMs, changedAtMs)
  if (wasHeld) askAgain(state, waiting)
  link(pending, waiting)
  pending.queue.put(waiting, dueAtMs(state, waiting))
}

/** Puts an entry of a batch back; what changed meanwhile stays the newer change. */
export function giveBack(state: ScheduleState, entry: Waiting): void {
  const newer = state.pending.byPath.get(entry.change.path)
  if (newer !== undefined) {
    unlink(state.pending, newer)
    state.pending.queue.drop(newer)
    entry.change = newer.change
    entry.asked ||= newer.asked
  }
  // Somebody may have asked for it while it was in flight.
  entry.asked ||= isAsked(state, entry.change.path)
  link(state.pending, entry)
  state.pending.queue.put(entry, dueAtMs(state, entry))
}

/** Nothing is left to do for the path. */
export function settle({ state, nowMs }: Step, path: PathBytes): void {
  state.held.paths.delete(path)
  remove(state, path)
  doubt(state, path, nowMs)
}

export function holdBack(step: Step, held: HeldPath): void {
  remove(step.state, held.path)
  hold(step.state, held, step.nowMs)
  doubt(step.state, held.path, step.nowMs)
}

/** When enough of an overflow has drained, everything not noted is looked for. */
export function drained(state: ScheduleState): boolean {
  // What is in flight would be found again, and noted for nothing.
  if (state.overflowSinceMs === null || state.inFlight !== null) return false
  return state.pending.byPath.size <= PENDING_MAX / 2
}

/** The batch in flight may change HEAD under the verdict: a file put back as it was differs from the new one. */
function doubt({ inFlight }: ScheduleState, path: PathBytes, nowMs: number): void {
  if (inFlight?.entries.has(path) === true && !inFlight.doubted.has(path)) inFlight.doubted.set(path, nowMs)
}

function remove(state: ScheduleState, path: PathBytes): void {
  const waiting = state.pending.byPath.get(path)
  if (waiting === undefined) return
  unlink(state.pending, waiting)
  state.pending.queue.drop(waiting)
  forgetAsked(state, path)
}

function overflow(step: Step): void {
  if (step.state.overflowSinceMs !== null) return
  step.state.overflowSinceMs = step.nowMs
  const text = `more than ${PENDING_MAX} paths are pending; the rest is looked for when half of them are committed`
  step.actions.push({ kind: 'notice', text })
}

function newWaiting(change: PendingChange, changedAtMs: number): Waiting {
  const fresh = { notBeforeMs: -Infinity, tries: 0, unsettledSinceMs: null, asked: false, slot: null }
  return { change, sinceMs: changedAtMs, ...fresh }
}
