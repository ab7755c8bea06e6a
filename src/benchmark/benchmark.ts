/**
 * What it costs here: the layers, and the way from a save to the remote, in a scratch copy of the workspace. The user's
 * work tree is read, and nothing else of theirs is touched.
 */
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { LoadedConfig } from '../config/config.ts'
import { buildClassifier } from '../daemon/daemon.ts'
import { lookInside } from '../evidence/evidence.ts'
import { makeScratch, type GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import { pathBytes, type PathBytes } from '../types.ts'
import { measureContent } from './content.ts'
import { contentsOf, copyTracked, type Copied } from './copy.ts'
import { measureBreaker, measureProcesses, measureSchedule, measureSecrets } from './layers.ts'
import { machineOf, type Machine } from './machine.ts'
import type { BenchmarkRow, Sampling } from './measure.ts'
import { measureRoundTrip, prepareSaves } from './round-trip.ts'
import { measureRules } from './rules.ts'

export type { BenchmarkRow } from './measure.ts'

interface Extent {
  readonly filesMax: number
  readonly bytesMax: number
  readonly saves: number
  readonly layer: Sampling
  /** What has not begun by then is not begun. */
  readonly endMs: number
}

/** A minute at most, and a few seconds. */
const whole: Extent = {
  filesMax: 10_000,
  bytesMax: 128 * 1024 ** 2,
  saves: 9,
  layer: { budgetMs: 2_000, samplesMax: 50 },
  endMs: 40_000,
}
const quick: Extent = {
  filesMax: 2_000,
  bytesMax: 16 * 1024 ** 2,
  saves: 3,
  layer: { budgetMs: 300, samplesMax: 10 },
  endMs: 10_000,
}
/** A slow disk gives fewer files. */
const copyMsMax = 10_000
/** Enough for a figure: a scan takes about a millisecond, and tens of them for a megabyte. */
const scanned = { filesMax: 100, bytesMax: 512 * 1024 }
const pathsMax = 5_000
/** A small workspace is asked about again and again, or the clock sees nothing. */
const pathsMin = 1_000

export interface BenchmarkOptions {
  /** Of the workspace; opened for reading only. */
  readonly engine: GitEngine
  readonly loaded: LoadedConfig
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly temporaryDir: string
  readonly version: string
  readonly clock: Clock
  readonly quick: boolean
}

export interface BenchmarkResult {
  readonly machine: Machine
  readonly workspace: {
    readonly trackedFiles: number
    readonly copiedFiles: number
    readonly copiedBytes: number
  }
  readonly rows: readonly BenchmarkRow[]
  readonly tookMs: number
}

/** @throws SyncError for rules that cannot be understood or a repository that cannot be read. */
export async function runBenchmark(options: BenchmarkOptions): Promise<BenchmarkResult> {
  const { engine, clock, temporaryDir } = options
  const extent = options.quick ? quick : whole
  const startedMs = clock.monotonicMs()
  const folder = realpathSync(mkdtempSync(join(temporaryDir, 'workspace-sync-benchmark-')))
  try {
    const scratch = await makeScratch(folder, options.environment)
    const copied = await copyTracked(engine, scratch.work, {
      ...extent,
      isLate: () => clock.monotonicMs() - startedMs > copyMsMax,
    })
    prepareSaves(scratch.work, extent.saves)
    await scratch.begin()
    const layers = await measureLayers(options, extent.layer, scratch.work, copied)
    const trip = await measureRoundTrip({
      scratch,
      clock,
      temporaryDir,
      version: options.version,
      saves: extent.saves,
      endMs: startedMs + extent.endMs,
    })
    return {
      machine: await machineOf(scratch, temporaryDir),
      workspace: {
        trackedFiles: copied.trackedFiles,
        copiedFiles: copied.paths.length,
        copiedBytes: copied.bytes,
      },
      rows: [...layers, ...trip],
      tookMs: Math.round(clock.monotonicMs() - startedMs),
    }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}

async function measureLayers(
  { loaded }: BenchmarkOptions,
  sampling: Sampling,
  work: string,
  copied: Copied,
): Promise<readonly BenchmarkRow[]> {
  const { classifier } = buildClassifier(loaded.config, loaded.ruleFiles)
  const paths = enough(copied.paths)
  const contents = contentsOf(work, copied.paths, scanned)
  const enoughToScan = contents.length > 0 ? contents : [Buffer.from('# a note\n'.repeat(10_000))]
  return [
    await measureRules(loaded.ruleFiles, paths, sampling),
    await measureContent(classifier, sampling),
    await measureSecrets(lookInside, enoughToScan, sampling),
    await measureProcesses(sampling),
    await measureBreaker(paths, sampling),
    await measureSchedule(paths, sampling),
  ]
}

function enough(paths: readonly PathBytes[]): readonly PathBytes[] {
  if (paths.length >= pathsMin) return paths.slice(0, pathsMax)
  const made = Array.from({ length: pathsMin - paths.length }, (_, index) => pathBytes(`notes/${index}/today.md`))
  return [...paths, ...made]
}
