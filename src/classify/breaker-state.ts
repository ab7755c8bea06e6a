/** What the breaker knows of one pattern, as a plain value, and how writes, commits and questions change it. */

import { feedback } from './feedback.ts'
import { metronome } from './metronome.ts'
import type { LoopSignal, PathBytes } from '../types.ts'
import type { Feedback, FeedbackOptions } from './feedback.ts'
import type { MetronomeOptions, Run } from './metronome.ts'

export interface StageOptions extends FeedbackOptions, MetronomeOptions {
  readonly slowAfterCommits: number
  readonly slowWithinMs: number
  readonly cooldownMs: number
  /** The events of one save come within this time; the delay begins after it, so that a save does not break its own. */
  readonly settleMs: number
  readonly beatPaceAfterMs: number
  readonly beatCooldownMs: number
  readonly beatStopAfterMs: number
}

export type Stage =
  | { readonly kind: 'normal'; readonly commitsMs: readonly number[] }
  | { readonly kind: 'slow'; readonly sinceMs: number; readonly lastCommitMs: number; readonly feedback: Feedback }
  | { readonly kind: 'quarantine'; readonly sinceMs: number; readonly signal: LoopSignal }

export interface PatternState {
  readonly stage: Stage
  readonly lastPath: PathBytes
  readonly lastWriteMs: number
  /** First write that no commit has taken yet; null: none waits. */
  readonly waitingSinceMs: number | null
  readonly run: Run
  /** Names of random runs this long came one after another, `newNames` of them, each unlike the one before. */
  readonly randomLength: number
  readonly newNames: number
}

export const patternState = { fresh, wrote, committed, planned, shift }

/** So many new random names of one length make a sibling likely to be random, too; counted no further. */
export const newNamesEnough = 3

function fresh(path: PathBytes, atMs: number, randomLength: number, options: StageOptions): PatternState {
  return {
    stage: { kind: 'normal', commitsMs: [] },
    lastPath: path,
    lastWriteMs: atMs,
    waitingSinceMs: atMs,
    run: metronome.beat(null, atMs, options),
    randomLength,
    newNames: randomLength > 0 ? 1 : 0,
  }
}

function wrote(
  state: PatternState,
  path: PathBytes,
  atMs: number,
  randomLength: number,
  options: StageOptions,
): PatternState {
  const run = metronome.beat(state.run, atMs, options)
  return {
    stage: stageAfterWrite(state.stage, run, atMs, options),
    lastPath: path,
    lastWriteMs: Math.max(state.lastWriteMs, atMs),
    waitingSinceMs: state.waitingSinceMs ?? atMs,
    run,
    ...namesAfterWrite(state, path, randomLength),
  }
}

function namesAfterWrite(
  state: PatternState,
  path: PathBytes,
  randomLength: number,
): Pick<PatternState, 'randomLength' | 'newNames'> {
  const { newNames } = state
  if (randomLength === 0 || path === state.lastPath) return { randomLength: state.randomLength, newNames }
  if (randomLength !== state.randomLength) return { randomLength, newNames: 1 }
  return { randomLength, newNames: Math.min(newNamesEnough, newNames + 1) }
}

function stageAfterWrite(stage: Stage, run: Run, atMs: number, options: StageOptions): Stage {
  if (stage.kind !== 'slow') return stage
  const after = feedback.wrote(stage.feedback, atMs, options)
  if (feedback.proven(after, options)) return { kind: 'quarantine', sinceMs: atMs, signal: 'feedback' }
  if (metronome.regularMs(run, options) >= options.beatStopAfterMs) {
    return { kind: 'quarantine', sinceMs: atMs, signal: 'metronome' }
  }
  return after === stage.feedback ? stage : { ...stage, feedback: after }
}

/** @param automatic false: somebody asked for the commit, so it says nothing about a loop */
function committed(state: PatternState, atMs: number, automatic: boolean, options: StageOptions): PatternState {
  // A fast answer may be noticed before the commit is told: it waits for the next one.
  const waitingSinceMs = state.lastWriteMs > atMs ? state.lastWriteMs : null
  return { ...state, waitingSinceMs, stage: stageAfterCommit(state, atMs, automatic, options) }
}

function stageAfterCommit(state: PatternState, atMs: number, automatic: boolean, options: StageOptions): Stage {
  const { stage, waitingSinceMs } = state
  if (stage.kind === 'quarantine') return stage
  if (stage.kind === 'slow') {
    const after = feedback.committed(stage.feedback, atMs, options)
    // A commit told late may prove a loop by the write that was noticed before it.
    if (feedback.proven(after, options)) return { kind: 'quarantine', sinceMs: atMs, signal: 'feedback' }
    return { ...stage, lastCommitMs: atMs, feedback: after }
  }
  // What waits was written by persons or is allowed by a rule: its commits never count.
  if (!automatic || waitingSinceMs === null) return stage
  const commitsMs = [...stage.commitsMs, atMs].slice(-options.slowAfterCommits)
  const enough = commitsMs.length >= options.slowAfterCommits
  if (enough && atMs - (commitsMs[0] ?? atMs) <= options.slowWithinMs) {
    return { kind: 'slow', sinceMs: atMs, lastCommitMs: atMs, feedback: feedback.fresh }
  }
  return { kind: 'normal', commitsMs }
}

/** Draws the delay of the next slow commit if there is none yet. @returns when that commit is due, null if not slow */
function planned(
  state: PatternState,
  nowMs: number,
  chance: () => number,
  options: StageOptions,
): { readonly state: PatternState; readonly dueMs: number | null } {
  const { stage } = state
  if (stage.kind !== 'slow') return { state, dueMs: null }
  const beating = metronome.regularMs(state.run, options) >= options.beatPaceAfterMs
  const cooldownMs = beating ? Math.max(options.cooldownMs, options.beatCooldownMs) : options.cooldownMs
  // Whoever asks has a change that waits, even if its event was lost.
  const waitingSinceMs = state.waitingSinceMs ?? nowMs
  const startMs = Math.max(stage.lastCommitMs + cooldownMs, waitingSinceMs + options.settleMs)
  const after = feedback.plan(stage.feedback, nowMs, startMs, chance, options)
  return {
    state: { ...state, waitingSinceMs, stage: { ...stage, feedback: after } },
    dueMs: feedback.dueMs(after),
  }
}

function shift(state: PatternState, deltaMs: number): PatternState {
  const { stage, waitingSinceMs } = state
  return {
    ...state,
    lastWriteMs: state.lastWriteMs + deltaMs,
    waitingSinceMs: waitingSinceMs === null ? null : waitingSinceMs + deltaMs,
    run: metronome.shift(state.run, deltaMs),
    stage: shiftStage(stage, deltaMs),
  }
}

function shiftStage(stage: Stage, deltaMs: number): Stage {
  if (stage.kind === 'normal') return { kind: 'normal', commitsMs: stage.commitsMs.map((atMs) => atMs + deltaMs) }
  const sinceMs = stage.sinceMs + deltaMs
  if (stage.kind === 'quarantine') return { ...stage, sinceMs }
  const lastCommitMs = stage.lastCommitMs + deltaMs
  return { ...stage, sinceMs, lastCommitMs, feedback: feedback.shift(stage.feedback, deltaMs) }
}
