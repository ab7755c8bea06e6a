import type { HeldPath, PathBytes } from '../types.ts'
import type { FlushResult } from './messages.ts'
import type { Waiting } from './pending.ts'
import { covers } from './asked.ts'
import { isProven, needsLook } from './awaited.ts'
import type { Flush, ScheduleState, Step } from './state.ts'
import { BEHIND, problemOfPause, type Problem } from './problem.ts'
import { heldAmong } from './held.ts'
import { link, unlink } from './pending.ts'
import { isLeftBehind } from './remote-standing.ts'
import { pathText } from '../types.ts'

/** Waiting at the same time; one more is refused at once. */
const FLUSHES_MAX = 100
/** A file that is not whole by then is named instead of waited for. */
const UNSETTLED_PATIENCE_MS = 60_000
/** Nobody waits longer, whatever the reason. */
const FLUSH_PATIENCE_MS = 15 * 60_000
/** Held paths named in an answer. */
const HELD_ANSWERED_MAX = 1_000

const tooMuch: Problem = { problem: 'more is pending than one sync can name', remedy: 'run it again in a minute' }

/** Makes everything asked for due now, and every postponed try with it. */
export function startFlush(step: Step, id: number, paths: readonly PathBytes[] | null): void {
  const { state, nowMs } = step
  if (state.flushes.size >= FLUSHES_MAX) {
    const problem = `${FLUSHES_MAX} others wait for a sync already`
    answer(step, id, { ok: false, held: [], problem, remedy: 'try again in a minute' })
    return
  }
  const wanted = [...state.pending.byPath.values()].filter((waiting) => covers(paths, waiting.change.path))
  for (const waiting of wanted) ask(state, waiting, nowMs)
  const remaining = new Set(wanted.map((waiting) => waiting.change.path))
  for (const path of state.inFlight?.entries.keys() ?? []) if (covers(paths, path)) remaining.add(path)
  state.flushes.set(id, { id, paths, serial: state.serial++, askedAtMs: nowMs, remaining, overtaken: new Map() })
  if (state.commitTrouble !== null) state.commitTrouble.retryAtMs = nowMs
  if (state.remote.trouble !== null) state.remote.trouble.retryAtMs = nowMs
  state.remote.urgent = true
}

/** Answers every flush that is done or that would wait in vain. */
export function answerFlushes(step: Step): void {
  for (const flush of step.state.flushes.values()) {
    const result = resultOf(step.state, flush, step.nowMs)
    if (result === null) continue
    step.state.flushes.delete(flush.id)
    answer(step, flush.id, result)
  }
  if (step.state.flushes.size === 0) step.state.remote.urgent = false
}

/** When a flush is answered although nothing happened. */
export function flushWakeMs(state: ScheduleState, nowMs: number): number {
  let wakeMs = Infinity
  for (const flush of state.flushes.values()) {
    const unsettledMs = flush.askedAtMs + UNSETTLED_PATIENCE_MS
    wakeMs = Math.min(wakeMs, unsettledMs > nowMs ? unsettledMs : flush.askedAtMs + FLUSH_PATIENCE_MS)
  }
  return wakeMs
}

function ask(state: ScheduleState, waiting: Waiting, nowMs: number): void {
  unlink(state.pending, waiting)
  waiting.asked = true
  waiting.notBeforeMs = nowMs
  link(state.pending, waiting)
}

function resultOf(state: ScheduleState, flush: Flush, nowMs: number): FlushResult | null {
  const held = heldOf(state, flush)
  const problem = problemOf(state, flush, nowMs)
  if (problem !== null) return { ok: false, held, ...problem }
  if (flush.remaining.size > 0 || (state.options.push.enabled && !isProven(state, flush))) return null
  return { ok: held.length === 0, held, problem: null }
}

/** What was asked for, and not only what came after it: a newer change that waits says nothing of the older one. */
function heldOf(state: ScheduleState, { paths, overtaken }: Flush): readonly HeldPath[] {
  const isOpen = (path: PathBytes): boolean =>
    state.pending.byPath.has(path) || state.inFlight?.entries.has(path) === true
  const older = [...overtaken].filter(([path]) => isOpen(path))
  const held = heldAmong(state, (path) => covers(paths, path), HELD_ANSWERED_MAX)
  return [...held, ...older.map(([path, reason]) => ({ path, reason }))].slice(0, HELD_ANSWERED_MAX)
}

function problemOf(state: ScheduleState, flush: Flush, nowMs: number): Problem | null {
  const pause = state.pauses.find(({ stops }) => stops === 'commit')
  if (pause !== undefined) return problemOfPause(pause)
  if (state.overflowSinceMs !== null) return tooMuch
  if (nowMs - flush.askedAtMs >= FLUSH_PATIENCE_MS) return { problem: 'not done after 15 minutes' }
  if (flush.remaining.size > 0) return commitProblem(state, flush, nowMs)
  return state.options.push.enabled && !isProven(state, flush) ? pushProblem(state, flush, nowMs) : null
}

function commitProblem(state: ScheduleState, flush: Flush, nowMs: number): Problem | null {
  const trouble = state.commitTrouble
  if (trouble !== null && trouble.serial > flush.serial && state.inFlight === null && trouble.retryAtMs > nowMs) {
    return { problem: trouble.failure.detail, remedy: trouble.failure.hint }
  }
  if (nowMs - flush.askedAtMs < UNSETTLED_PATIENCE_MS) return null
  const [path] = [...flush.remaining].filter((one) => (state.pending.byPath.get(one)?.tries ?? 0) > 0)
  if (path === undefined) return null
  const remedy = 'close the program that has it open for writing; it is committed as soon as it rests'
  return { problem: `still being written after a minute: ${pathText(path)}`, remedy }
}

function pushProblem(state: ScheduleState, flush: Flush, nowMs: number): Problem | null {
  const { remote } = state
  const pause = state.pauses[0]
  const waits = remote.unpushed || (state.options.integrateEnabled && remote.behind > 0)
  if (pause !== undefined && waits) return problemOfPause(pause)
  if (remote.pushing || remote.verifying || remote.integrating) return null
  if (isLeftBehind(state) && !needsLook(state, flush)) return BEHIND
  const { trouble } = remote
  // What is tried again right now may well go through.
  if (trouble === null || trouble.serial < flush.serial || trouble.retryAtMs <= nowMs) return null
  return { problem: trouble.failure.detail, remedy: trouble.failure.hint }
}

function answer(step: Step, id: number, result: FlushResult): void {
  step.actions.push({ kind: 'answer', id, result })
}
