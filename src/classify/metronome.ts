/**
 * Is a path written like clockwork? People have spells of regularity (an editor that saves every two seconds while its
 * user types), but none that lasts: simulated, a regular run of 30 min never occurred to a person whose editor does not
 * save by itself for half an hour without a pause, and a run of 2 h to nobody. Six equal gaps occur to everybody.
 */

export interface MetronomeOptions {
  /** Writes closer than this are one beat: a save is often several writes. */
  readonly beatMinMs: number
  /** Coefficient of variation (standard deviation / mean) of the gaps up to which a run is regular. */
  readonly variationMax: number
  /** A gap this far from the mean (share of it) is an outlier. */
  readonly outlierRange: number
  /** One outlier, and this share of the gaps, are forgiven. */
  readonly outlierShare: number
  /** A gap of so many means ends the run. */
  readonly restartMeans: number
  readonly gapsMin: number
}

/** Times of a run of beats, with Welford's running mean and sum of squared deviations: six numbers at any length. */
export interface Run {
  readonly startMs: number
  readonly beatMs: number
  readonly gaps: number
  readonly meanMs: number
  readonly squares: number
  readonly outliers: number
}

export const metronome = { beat, regularMs, shift }

/**
 * A writer whose gaps are this close to the least beat has gaps below it by jitter alone. They then count as one least
 * beat each: merged, every second beat of a one-second writer would be missed and no run would ever look regular.
 */
const fastMeans = 1.25

function beat(run: Run | null, atMs: number, options: MetronomeOptions): Run {
  if (run === null) return { startMs: atMs, beatMs: atMs, gaps: 0, meanMs: 0, squares: 0, outliers: 0 }
  const sinceMs = atMs - run.beatMs
  if (sinceMs <= 0) return run
  const fast = run.gaps > 0 && run.meanMs < fastMeans * options.beatMinMs
  if (sinceMs < options.beatMinMs && !fast) return run
  const gapMs = Math.max(sinceMs, options.beatMinMs)
  if (run.gaps === 0) return begun(run.beatMs, atMs, gapMs)
  if (gapMs > options.restartMeans * run.meanMs) return begun(run.beatMs, atMs, gapMs)
  if (Math.abs(gapMs - run.meanMs) > options.outlierRange * run.meanMs) {
    const outliers = run.outliers + 1
    if (outliers > options.outlierShare * run.gaps + 1) return begun(run.beatMs, atMs, gapMs)
    return { ...run, beatMs: atMs, outliers }
  }
  const gaps = run.gaps + 1
  const meanMs = run.meanMs + (gapMs - run.meanMs) / gaps
  const squares = run.squares + (gapMs - run.meanMs) * (gapMs - meanMs)
  return { ...run, beatMs: atMs, gaps, meanMs, squares }
}

/** A new run that begins with the gap that did not fit the old one: it may be the first of its own kind. */
function begun(startMs: number, beatMs: number, gapMs: number): Run {
  return { startMs, beatMs, gaps: 1, meanMs: gapMs, squares: 0, outliers: 0 }
}

/** For how long the writes have been regular; 0 when they are not. */
function regularMs(run: Run, options: MetronomeOptions): number {
  if (run.gaps < options.gapsMin) return 0
  const variation = Math.sqrt(run.squares / run.gaps) / run.meanMs
  return variation <= options.variationMax ? run.beatMs - run.startMs : 0
}

function shift(run: Run, deltaMs: number): Run {
  return { ...run, startMs: run.startMs + deltaMs, beatMs: run.beatMs + deltaMs }
}
