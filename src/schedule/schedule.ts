import type { Pause } from '../types.ts'
import type { Action, ScheduleInput } from './messages.ts'
import type { ScheduleState, Step } from './state.ts'
import { budgetWakeMs, collectDue, nextBatch } from './batch.ts'
import { remoteUnseen, retryNow, setDegraded } from './circumstances.ts'
import { shiftClock } from './clock.ts'
import { answerFlushes, flushWakeMs, startFlush } from './flush.ts'
import { holdBack, note, settle } from './intake.ts'
import { advanceKnock, knockAtMs, knocked } from './knock.ts'
import { advanceLooking, lookAtMs, looked, lookFailed, wantLook } from './looking.ts'
import { batchDone, healCommit } from './outcome.ts'
import { advanceIntegration, integrateAtMs, integrated } from './integration.ts'
import { advanceRemote, pushDone, remoteWakeMs, verified } from './remote.ts'
import { setOptions } from './set-options.ts'
import { setTurn } from './turns.ts'

export { needsPerson } from './remote-standing.ts'
export type * from './messages.ts'
export { createSchedule, save } from './saved.ts'
export type { SavedSchedule } from './saved.ts'
export type { ScheduleOptions } from './options.ts'
export type { ScheduleState } from './state.ts'
export { view } from './view.ts'
export type { ScheduleView } from './view.ts'

/**
 * Takes one input and says what to do. `nowMs`: wall-clock milliseconds; a jump of that clock is an input of its own.
 * The state is moved, not copied: the one returned is the one given, and the old one must not be used again.
 * Every action is answered by an input (`commit` by `batch-done`, `push` by `push-done`, `verify` by `verified`,
 * `knock` by `knocked`, `integrate` by `integrated`, `reconcile` by `reconciled`) and never repeated before. The last
 * action is `wake` if time alone makes something due.
 */
export function step(
  state: ScheduleState,
  input: ScheduleInput,
  nowMs: number,
): { readonly state: ScheduleState; readonly actions: readonly Action[] } {
  const actions: Action[] = []
  const current = { state, nowMs, actions }
  receive(current, input)
  advanceLooking(current)
  collectDue(current)
  // Before the next commit: where somebody never stops saving there would be no moment between two of them.
  advanceIntegration(current)
  advanceCommit(current)
  answerFlushes(current)
  advanceRemote(current)
  advanceKnock(current)
  const atMs = wakeMs(state, nowMs)
  // Clocks count whole milliseconds: woken a fraction too early, nothing would be due.
  if (atMs < Infinity) actions.push({ kind: 'wake', atMs: Math.ceil(atMs) })
  return { state, actions }
}

function receive(current: Step, input: ScheduleInput): void {
  const { state, nowMs } = current
  switch (input.kind) {
    case 'changes':
      for (const change of input.changes) note(current, change)
      return
    case 'settled':
      for (const path of input.paths) settle(current, path)
      return
    case 'held':
      for (const held of input.held) holdBack(current, held)
      return
    case 'turn':
      return setTurn(state, input.session, input.open, nowMs)
    case 'batch-done':
      return batchDone(current, input.batchId, input.result)
    case 'push-done':
      return pushDone(current, input.outcome)
    case 'knocked':
      return knocked(current, input.answered)
    case 'integrated':
      return integrated(current, input.result)
    case 'head-moved':
      return remoteUnseen(state, nowMs)
    case 'verified':
      return verified(current, input.view, input.failure)
    case 'reconciled':
      return looked(current, input.ok, input.failure ?? null)
    case 'look-failed':
      return lookFailed(current, input.failure)
    case 'reconcile-wanted':
      return wantLook(state, input.reason)
    case 'pauses':
      return setPauses(current, input.pauses)
    case 'circumstances':
      return retryAll(state, nowMs)
    case 'options':
      return setOptions(state, input.options, nowMs)
    case 'watcher':
      return setDegraded(state, input.degraded, nowMs)
    case 'flush':
      return startFlush(current, input.id, input.paths)
    case 'clock-jumped':
      shiftClock(state, input.deltaMs, input.sleptMs ?? 0)
      remoteUnseen(state, nowMs)
      return wantLook(state, 'the clock jumped')
    case 'tick':
      return
  }
}

/** A failure that waits for a person is tried again when the circumstances change. */
function setPauses({ state, nowMs }: Step, pauses: readonly Pause[]): void {
  const changed = namesOf(state.pauses) !== namesOf(pauses)
  state.pauses = pauses
  if (!changed) return
  if (state.commitTrouble?.failure.heals === 'person') state.commitTrouble.retryAtMs = nowMs
  retryNow(state, nowMs)
}

/** One try of everything that failed, whatever it waits for. */
function retryAll({ commitTrouble, remote, looking }: ScheduleState, nowMs: number): void {
  if (commitTrouble !== null) commitTrouble.retryAtMs = Math.min(commitTrouble.retryAtMs, nowMs)
  if (remote.trouble !== null) remote.trouble.retryAtMs = Math.min(remote.trouble.retryAtMs, nowMs)
  if (looking.failure !== null) looking.nextAtMs = Math.min(looking.nextAtMs, nowMs)
}

function namesOf(pauses: readonly Pause[]): string {
  return pauses.map((pause) => `${pause.name} ${pause.stops}`).join('\n')
}

function advanceCommit(current: Step): void {
  const { state, nowMs } = current
  if (state.inFlight !== null || state.remote.integrating || commitAtMs(state) > nowMs) return
  state.inFlight = nextBatch(current)
  if (state.inFlight !== null) current.actions.push({ kind: 'commit', batch: state.inFlight.batch })
  // What failed is gone from the tree: nothing is left that could show that it healed.
  else if (state.pending.byPath.size === 0) healCommit(state)
}

/** From when commits may be made; Infinity: something stands in their way that ends by an input. */
function commitAtMs(state: ScheduleState): number {
  if (state.pauses.some(({ stops }) => stops === 'commit')) return Infinity
  return state.commitTrouble?.retryAtMs ?? -Infinity
}

function wakeMs(state: ScheduleState, nowMs: number): number {
  const remoteMs = Math.min(remoteWakeMs(state), integrateAtMs(state), knockAtMs(state))
  const others = Math.min(lookAtMs(state), remoteMs, flushWakeMs(state, nowMs))
  const isFree = state.inFlight === null && !state.remote.integrating
  const blockedMs = isFree ? commitAtMs(state) : Infinity
  if (blockedMs > nowMs) return Math.min(others, blockedMs)
  return Math.min(others, state.pending.queue.earliestMs(), budgetWakeMs(state))
}
