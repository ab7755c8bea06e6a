import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { startDaemon } from '../daemon/daemon.ts'
import { assert, SyncError } from '../errors.ts'
import { openRepository, type Scratch } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import { writeFile } from './copy.ts'
import { rowOf, type BenchmarkRow } from './measure.ts'

/** Longer than a file must rest to count as whole, as every default is. */
const quietMs = 500
/** As wanted here; a commit an hour would not be measured. */
const sets = [
  ...['immediate', 'code', 'default'].map((name) => `debounce.${name}=${quietMs}ms`),
  'limits.commitsPerHour=10000',
  'limits.commitsPerDay=10000',
]
const saveMsMax = 15_000
const pollMs = 1

export interface RoundTripOptions {
  readonly scratch: Scratch
  readonly clock: Clock
  readonly version: string
  readonly temporaryDir: string
  readonly saves: number
  readonly endMs: number
}

/** What is saved later is tracked by then, as most of what people save. */
export function prepareSaves(work: string, saves: number): void {
  for (let save = 0; save < saves; save += 1) writeFile(work, placeOf(save), 'as it was before\n')
}

/** From a save to the moved branch of the remote, by the real daemon, beyond its quiet period; and the same by hand. */
export async function measureRoundTrip(options: RoundTripOptions): Promise<readonly BenchmarkRow[]> {
  const { scratch, clock, saves, endMs } = options
  const isLate = (): boolean => clock.monotonicMs() > endMs
  const byHand: number[] = []
  for (let save = 0; save < saves && !(isLate() && save > 0); save += 1) {
    writeFile(scratch.work, placeOf(save), `by hand ${save}\n`)
    const startedMs = clock.monotonicMs()
    await scratch.commitAndPush(placeOf(save))
    byHand.push(clock.monotonicMs() - startedMs)
  }
  const { delays, commits } = await byDaemon(options, isLate)
  if (delays.length === 0) {
    const hint = 'look what keeps it: workspace-sync demo'
    throw new SyncError('system', `no save was on the remote within ${saveMsMax / 1_000} s`, hint)
  }
  const hand = { name: 'git commit --only && git push', times: byHand, count: 1 }
  return [
    rowOf({ layer: 'commit', name: 'one file, without the push', unit: 'ms' }, commits),
    rowOf({ layer: 'round trip', name: 'save to remote, beyond the quiet period', unit: 'ms' }, delays, 1, hand),
  ]
}

async function byDaemon({ scratch, clock, version, temporaryDir, saves }: RoundTripOptions, isLate: () => boolean) {
  const { work, environment } = scratch
  const commits: number[] = []
  const delays: number[] = []
  const engine = await openRepository(work, { environment })
  try {
    const start = await startDaemon({
      engine,
      config: { workspace: work, home: environment['HOME'] ?? work, env: environment, sets },
      version,
      environment,
      temporaryDir,
      clock,
      dryRun: false,
      watch: true,
      pushAllowed: true,
      startedWith: { sets, push: true, environment: {} },
      listener: (report) => void (report.kind === 'committed' && commits.push(report.tookMs)),
    })
    assert(start.kind === 'started', 'nobody else can be in a folder made a moment ago')
    try {
      for (let save = 0; save < saves && !(isLate() && save > 0); save += 1) {
        const tookMs = await saveToRemote(scratch, clock, save)
        if (tookMs !== null) delays.push(tookMs - quietMs)
      }
    } finally {
      start.daemon.stop('measured')
      await start.daemon.ended
    }
  } finally {
    await engine.close()
  }
  return { delays, commits }
}

/** A path of its own for each save: the loop breaker slows down one that is committed again and again. */
function placeOf(save: number): string {
  return `workspace-sync-benchmark/${String.fromCodePoint(97 + (save % 26))}/note.md`
}

async function saveToRemote({ work, remote }: Scratch, clock: Clock, save: number): Promise<number | null> {
  const ref = join(remote, 'refs', 'heads', 'main')
  const before = readFileSync(ref, 'latin1')
  const startedMs = clock.monotonicMs()
  writeFile(work, placeOf(save), `by the daemon ${save}\n`)
  while (readFileSync(ref, 'latin1') === before) {
    if (clock.monotonicMs() - startedMs > saveMsMax) return null
    await new Promise<void>((resolve) => clock.after(pollMs, resolve))
  }
  return clock.monotonicMs() - startedMs
}
