/** What was measured, and how a figure is made of it. The machine is never idle: medians, and ratios of one run. */

export interface BenchmarkRow {
  readonly layer: 'rules' | 'content' | 'secrets' | 'process' | 'breaker' | 'schedule' | 'commit' | 'round trip'
  readonly name: string
  readonly unit: 'ns' | 'µs' | 'ms'
  readonly median: number
  readonly samples: number
  /** Measured in turns with it; null: nothing does the same. */
  readonly reference: { readonly name: string; readonly median: number; readonly ratio: number } | null
}

export interface Sampling {
  /** One sample is taken all the same. */
  readonly budgetMs: number
  readonly samplesMax: number
}

/** Runs each of `runs` in turn, so that what else goes on here hits all alike. @returns milliseconds, one list each. */
export async function sampled(
  { budgetMs, samplesMax }: Sampling,
  ...runs: readonly (() => unknown)[]
): Promise<readonly (readonly number[])[]> {
  const times = runs.map((): number[] => [])
  const endMs = performance.now() + budgetMs
  for (let sample = 0; sample < samplesMax; sample += 1) {
    if (sample > 0 && performance.now() > endMs) break
    for (const [index, run] of runs.entries()) {
      const startedMs = performance.now()
      const running = run()
      if (running instanceof Promise) await running
      times[index]?.push(performance.now() - startedMs)
    }
  }
  return times
}

/** NaN for an empty list. */
export function medianOf(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN
}

const perMs = { ns: 1_000_000, µs: 1_000, ms: 1 } as const

/** @param times milliseconds for `count` of them at once; the reference's for as many. */
export function rowOf(
  what: Pick<BenchmarkRow, 'layer' | 'name' | 'unit'>,
  times: readonly number[],
  count = 1,
  reference: { readonly name: string; readonly times: readonly number[]; readonly count: number } | null = null,
): BenchmarkRow {
  const scale = perMs[what.unit]
  const median = (medianOf(times) * scale) / count
  const other = reference === null ? 0 : (medianOf(reference.times) * scale) / reference.count
  return {
    ...what,
    median: rounded(median),
    samples: times.length,
    reference: reference && { name: reference.name, median: rounded(other), ratio: rounded(median / other) },
  }
}

/** Three digits that count. */
function rounded(value: number): number {
  return Number(value.toPrecision(3))
}
