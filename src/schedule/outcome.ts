import type { BatchResult } from './messages.ts'
import type { Waiting } from './pending.ts'
import type { InFlight, ScheduleState, Step } from './state.ts'
import { spend } from './budget.ts'
import { describe, tellOnce, troubled } from './failures.ts'
import { retryWith } from './circumstances.ts'
import { forgetAsked, tellOvertaken } from './asked.ts'
import { hold } from './held.ts'
import { giveBack } from './intake.ts'
import { stirred } from './integration.ts'
import { wantLook } from './looking.ts'
import { unsettledDelayMs } from './quiet.ts'

/** Plans dropped in a row because HEAD moved that are made again at once; further ones wait like a failure. */
const HEAD_MOVED_TRIES = 5

/** Deals with what became of the batch in flight. */
export function batchDone(step: Step, batchId: number, result: BatchResult): void {
  const { state, nowMs } = step
  const inFlight = state.inFlight
  if (inFlight === null || inFlight.batch.id !== batchId) return
  state.inFlight = null
  if (result.committed !== null) {
    spend(state.budget, inFlight.batch.trigger === 'automatic', state.options.limits, nowMs)
    noteCommit(state, oldestMs(inFlight, nowMs))
    retryWith(state, nowMs)
  }
  if (result.committed !== null || result.held.length + result.settled.length > 0) stirred(state, nowMs)
  for (const held of result.held) {
    if (state.pending.byPath.has(held.path)) tellOvertaken(state, held)
    else hold(state, held, nowMs)
  }
  noteTrouble(step, result)
  returnRest(step, inFlight, result)
  judgeAgain(state, inFlight)
  for (const path of inFlight.entries.keys()) forgetAsked(state, path)
}

export function healCommit(state: ScheduleState): void {
  state.commitTrouble = null
  state.told.commit = null
}

function noteTrouble(step: Step, result: BatchResult): void {
  const { state } = step
  state.headMovedTries = result.headMoved ? state.headMovedTries + 1 : 0
  if (result.headMoved) wantLook(state, 'HEAD moved')
  if (result.failure === null) {
    if (result.headMoved) return
    healCommit(state)
    return
  }
  if (state.commitTrouble === null) wantLook(state, 'a commit failed')
  // No remote is involved in a commit, so nothing can be probed: what is unreachable is tried again like the rest.
  const heals = result.failure.heals === 'unreachable' ? 'backoff' : result.failure.heals
  state.commitTrouble = troubled(step, state.commitTrouble, { ...result.failure, heals })
  tellOnce(step, 'commit', result.failure.name, describe(result.failure))
}

/** What the result does not name returns to pending, and so does what was not whole. */
function returnRest(step: Step, inFlight: InFlight, result: BatchResult): void {
  const { state, nowMs } = step
  const dealtWith = new Set([
    ...(result.committed?.paths ?? []),
    ...result.held.map((held) => held.path),
    ...result.settled,
  ])
  const unsettled = new Set(result.unsettled)
  const untouched = result.failure !== null || (result.headMoved && state.headMovedTries <= HEAD_MOVED_TRIES)
  for (const [path, entry] of inFlight.entries) {
    if (dealtWith.has(path)) continue
    if (unsettled.has(path)) entry.unsettledSinceMs ??= nowMs
    if (unsettled.has(path) || !untouched) postpone(entry, nowMs)
    giveBack(state, entry)
  }
  // A failed batch of an ended turn is still that turn's one commit.
  if (untouched && inFlight.turn !== null) state.turns.ended.set(inFlight.turn.session, inFlight.turn.endedAtMs)
}

/** What was judged while HEAD changed goes back to pending, as changed when it was judged. */
function judgeAgain(state: ScheduleState, { doubted, entries }: InFlight): void {
  for (const [path, atMs] of doubted) {
    state.held.paths.delete(path)
    const entry = entries.get(path)
    if (entry === undefined || state.pending.byPath.has(path)) continue
    const change = { ...entry.change, changedAtMs: atMs }
    giveBack(state, { ...entry, change, sinceMs: atMs, asked: false, notBeforeMs: -Infinity, slot: null })
  }
}

function postpone(entry: Waiting, nowMs: number): void {
  entry.tries++
  entry.notBeforeMs = nowMs + unsettledDelayMs(entry.tries)
}

function oldestMs(inFlight: InFlight, nowMs: number): number {
  let oldest = nowMs
  for (const entry of inFlight.entries.values()) oldest = Math.min(oldest, entry.sinceMs)
  return oldest
}

/** A commit was made that the remote lacks; `sinceMs`: its oldest change. */
function noteCommit(state: ScheduleState, sinceMs: number): void {
  const { remote } = state
  remote.ahead++
  remote.unpushed = true
  remote.unpushedSinceMs = Math.min(remote.unpushedSinceMs ?? Infinity, sinceMs)
  remote.verifyStale = true
  if (!remote.pushing) return
  remote.madeDuringPush++
  remote.madeDuringPushSinceMs = Math.min(remote.madeDuringPushSinceMs ?? Infinity, sinceMs)
}
