import { createBreaker } from '../classify/classify.ts'
import { processes } from '../platform/platform.ts'
import { createSchedule, step, type PendingChange, type ScheduleOptions } from '../schedule/schedule.ts'
import type { PathBytes } from '../types.ts'
import { rowOf, sampled, type BenchmarkRow, type Sampling } from './measure.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs

/** Who has one of these files open for writing: one look through `/proc` for a whole batch. */
export async function measureProcesses(sampling: Sampling): Promise<BenchmarkRow> {
  const asked = new Set(Array.from({ length: 50 }, (_, index) => `/nowhere/file-${index}`))
  const [times = []] = await sampled(sampling, () => processes.openForWriting(asked))
  return rowOf({ layer: 'process', name: 'who has 50 files open for writing', unit: 'ms' }, times)
}

export async function measureSecrets(
  scan: (bytes: Uint8Array) => Promise<unknown>,
  contents: readonly Uint8Array[],
  sampling: Sampling,
): Promise<BenchmarkRow> {
  const bytes = contents.reduce((sum, one) => sum + one.length, 0)
  // The scanner is loaded at its first use.
  await scan(new Uint8Array())
  const [times = []] = await sampled(sampling, async () => {
    for (const content of contents) await scan(content)
  })
  const average = (bytes / contents.length / 1_000).toFixed(1)
  const name = `scan of one file (of ${average} KB on average)`
  return rowOf({ layer: 'secrets', name, unit: 'ms' }, times, contents.length)
}

export async function measureBreaker(paths: readonly PathBytes[], sampling: Sampling): Promise<BenchmarkRow> {
  const breaker = createBreaker({}, null)
  let nowMs = 0
  const [times = []] = await sampled(sampling, () => {
    nowMs += secondMs
    for (const path of paths) {
      breaker.wrote(path, nowMs, false)
      breaker.lane(path, nowMs, () => 0.5)
    }
  })
  return rowOf({ layer: 'breaker', name: 'one write noted and asked about', unit: 'µs' }, times, paths.length)
}

/** As shipped; a schedule that never commits, since nobody answers it, holds all of `paths` while it is asked. */
const asShipped: ScheduleOptions = {
  quietMs: { immediate: 2 * secondMs, code: 5 * secondMs, default: 30 * secondMs },
  maxWaitMs: 5 * minuteMs,
  takeAlongQuietMs: secondMs,
  batchBytesMax: Infinity,
  turnMaxMs: 15 * minuteMs,
  limits: {
    mode: 'gather',
    commitsPerHour: 10,
    commitsPerDay: 50,
    gatherMs: 2 * minuteMs,
    gatherPastDayMs: 5 * minuteMs,
  },
  retry: { delaysMs: [2 * secondMs], maxMs: 15 * minuteMs },
  probe: { minMs: 5 * secondMs, maxMs: minuteMs },
  push: { enabled: true, minIntervalMs: 0 },
  verifyIntervalMs: 30 * secondMs,
  verifyEnabled: true,
  integrateEnabled: true,
  reconcileIntervalMs: 10 * minuteMs,
  degradedReconcileMs: 30 * secondMs,
}

export async function measureSchedule(paths: readonly PathBytes[], sampling: Sampling): Promise<BenchmarkRow> {
  let state = createSchedule(asShipped, null, 7, 0)
  let nowMs = 0
  const [times = []] = await sampled(sampling, () => {
    nowMs += secondMs
    for (const path of paths) state = step(state, { kind: 'changes', changes: [changeOf(path, nowMs)] }, nowMs).state
  })
  const name = `one change among ${paths.length.toLocaleString('en')} that wait`
  return rowOf({ layer: 'schedule', name, unit: 'µs' }, times, paths.length)
}

function changeOf(path: PathBytes, changedAtMs: number): PendingChange {
  const nothing = { slow: null, session: null, rename: null, sizeBytes: 100 } as const
  return { path, class: 'code', group: 'workspace', changedAtMs, ...nothing }
}
