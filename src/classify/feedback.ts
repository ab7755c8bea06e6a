/**
 * Does a path change because we commit it? An exact randomised test. Each slow commit waits for a delay drawn once,
 * uniformly, unseen by the writer. For a writer that ignores us, whatever its next write time is, the chance that the
 * commit falls within `hitWithinMs` before it is at most `hitWithinMs` / range of delays, however regular it is. This
 * bound needs every trial to count: dropping the broken ones would select the short delays that happened to fit before
 * the next write, and simulated people who save once a minute were then all taken for loops.
 */

export interface FeedbackOptions {
  readonly delayMinMs: number
  readonly delayMaxMs: number
  /** A write this soon after the commit answers it. */
  readonly hitWithinMs: number
  /** A commit later than this after its instant was moved by something else than chance: a miss. */
  readonly lateMs: number
  /** The chance of a hit if it is a loop. */
  readonly loopHitChance: number
  /** So many hits in a row, or more with misses between, prove a loop. */
  readonly netHits: number
}

interface Trial {
  /** When the delay begins: the cooldown is over and a change waits. */
  readonly startMs: number
  readonly delayMs: number
  /** The path did not keep still: counted as a miss already, the commit is made all the same. */
  readonly broken: boolean
  /** First write at or after the planned instant, noticed before the commit was told. */
  readonly answerMs: number | null
}

export interface Feedback {
  /** Log-likelihood ratio of loop against chance, never below 0. */
  readonly score: number
  /** The commit that is to come; null: nothing was drawn yet. */
  readonly trial: Trial | null
  /** Planned instant of the last commit while its answer may still come; null: decided. */
  readonly askedMs: number | null
}

export const feedback = {
  fresh: { score: 0, trial: null, askedMs: null },
  plan,
  dueMs,
  wrote,
  committed,
  proven,
  shift,
}

/**
 * Draws the delay at the first question of a trial. Until the delay begins its beginning may move (another cooldown);
 * from then on nothing moves it.
 */
function plan(
  state: Feedback,
  nowMs: number,
  startMs: number,
  chance: () => number,
  options: FeedbackOptions,
): Feedback {
  const { trial } = state
  if (trial !== null && nowMs >= trial.startMs) return state
  const delayMs = trial?.delayMs ?? options.delayMinMs + chance() * (options.delayMaxMs - options.delayMinMs)
  return { ...state, trial: { startMs: Math.max(startMs, nowMs), delayMs, broken: false, answerMs: null } }
}

/** When the planned commit is due; null when none is planned. */
function dueMs(state: Feedback): number | null {
  return state.trial === null ? null : state.trial.startMs + state.trial.delayMs
}

function wrote(state: Feedback, atMs: number, options: FeedbackOptions): Feedback {
  return brokenBy(answeredBy(state, atMs, options), atMs, options)
}

function answeredBy(state: Feedback, atMs: number, options: FeedbackOptions): Feedback {
  if (state.askedMs === null) return state
  const hit = atMs - state.askedMs <= options.hitWithinMs
  return { ...(hit ? counted(state, true, options) : counted(state, false, options)), askedMs: null }
}

function brokenBy(state: Feedback, atMs: number, options: FeedbackOptions): Feedback {
  const { trial } = state
  if (trial === null || trial.broken || atMs < trial.startMs) return state
  if (atMs < trial.startMs + trial.delayMs) {
    return { ...counted(state, false, options), trial: { ...trial, broken: true } }
  }
  return trial.answerMs === null ? { ...state, trial: { ...trial, answerMs: atMs } } : state
}

/** A commit of ours took the path, planned or not. */
function committed(state: Feedback, atMs: number, options: FeedbackOptions): Feedback {
  // A second commit before the first was answered: nobody can tell which one an answer would be for.
  const before = state.askedMs === null ? state : { ...counted(state, false, options), askedMs: null }
  const { trial } = before
  if (trial === null) return before
  const settled = { ...before, trial: null }
  // Before the delay began its length has had no influence: no trial has taken place.
  if (atMs < trial.startMs || trial.broken) return settled
  const plannedMs = trial.startMs + trial.delayMs
  if (atMs < plannedMs || atMs > plannedMs + options.lateMs) return counted(settled, false, options)
  if (trial.answerMs === null) return { ...settled, askedMs: plannedMs }
  return counted(settled, trial.answerMs - plannedMs <= options.hitWithinMs, options)
}

function counted(state: Feedback, hit: boolean, options: FeedbackOptions): Feedback {
  const chanceHit = options.hitWithinMs / (options.delayMaxMs - options.delayMinMs)
  // Without a range of delays there is no chance to compare with, and the signal says nothing.
  if (!(chanceHit > 0 && chanceHit < options.loopHitChance)) return state
  const step = hit
    ? Math.log(options.loopHitChance / chanceHit)
    : Math.log((1 - options.loopHitChance) / (1 - chanceHit))
  return { ...state, score: Math.max(0, state.score + step) }
}

function proven(state: Feedback, options: FeedbackOptions): boolean {
  const hitStep = Math.log((options.loopHitChance * (options.delayMaxMs - options.delayMinMs)) / options.hitWithinMs)
  // A sum of equal steps may end a rounding error below their product.
  return hitStep > 0 && state.score >= options.netHits * hitStep - 1e-9
}

function shift(state: Feedback, deltaMs: number): Feedback {
  const { trial, askedMs } = state
  return {
    score: state.score,
    trial: trial && {
      ...trial,
      startMs: trial.startMs + deltaMs,
      answerMs: trial.answerMs === null ? null : trial.answerMs + deltaMs,
    },
    askedMs: askedMs === null ? null : askedMs + deltaMs,
  }
}
