/**
 * The product in one minute: a scratch workspace with a remote of its own, somebody who works in it, two programs that
 * write by themselves, and the real daemon. Everything told is what the daemon reports or what the remote has.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { ask } from '../control/control.ts'
import { startDaemon, type Daemon } from '../daemon/daemon.ts'
import { assert } from '../errors.ts'
import { makeScratch, openRepository, type GitEngine, type RemoteCommit, type Scratch } from '../git/git.ts'
import { systemRandom, type Clock } from '../platform/platform.ts'
import type { Report, Reporter, StatusFile } from '../report/report.ts'
import { startActors, type Actors } from './actors.ts'
import { fatesOf, type Decided, type FileFate } from './fates.ts'
import { before, personsActs, type Act } from './script.ts'

export type { FileFate } from './fates.ts'

/** Shorter than anybody would want at work, so that it fits into a minute. Everything else is as shipped. */
const quietMs = { immediate: 1_000, code: 2_000, default: 3_000 } as const
/** What waits longer than this for the remote is told as it is. */
const endMsMax = 60_000
const lookMs = 100
/** By then the daemon has noticed what was done last. */
const noticedMs = 1_000

export type DemoEvent =
  | { readonly kind: 'ready'; readonly work: string; readonly remote: string }
  | { readonly kind: 'act'; readonly act: Act }
  /** The indexer saw a commit and wrote; how often it has by now. */
  | { readonly kind: 'indexed'; readonly run: number }
  | { readonly kind: 'report'; readonly report: Report }
  /** The remote has it, so long after it was last saved. */
  | { readonly kind: 'reached'; readonly path: string; readonly delayMs: number }

export interface DemoResult {
  readonly commits: readonly RemoteCommit[]
  readonly files: readonly FileFate[]
  readonly tookMs: number
  readonly isComplete: boolean
  /** Where it all still lies; null: removed. */
  readonly kept: string | null
}

export interface DemoOptions {
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly temporaryDir: string
  readonly version: string
  readonly clock: Clock
  readonly keep: boolean
  /** How many times as quick as shown to people: pauses between the acts, and quiet periods. */
  readonly speed: number
  /** Somebody wants it to end. */
  readonly isStopped: () => boolean
  tell(event: DemoEvent, sinceStartMs: number): void
}

/** What the demo sets, as `key=value`. */
export function demoSets(speed: number): readonly string[] {
  return Object.entries(quietMs).map(([name, ms]) => `debounce.${name}=${ms / speed / 1_000}s`)
}

/** Leaves nothing behind unless asked to. @throws SyncError without a usable git; the system's error without a disk. */
export async function runDemo(options: DemoOptions): Promise<DemoResult> {
  const folder = realpathSync(mkdtempSync(join(options.temporaryDir, 'workspace-sync-demo-')))
  try {
    const scratch = await makeScratch(folder, options.environment)
    for (const [path, text] of Object.entries(before)) {
      mkdirSync(dirname(join(scratch.work, path)), { recursive: true })
      writeFileSync(join(scratch.work, path), text)
    }
    await scratch.begin()
    const engine = await openRepository(scratch.work, { environment: scratch.environment })
    try {
      return { ...(await play(options, scratch, engine)), kept: options.keep ? folder : null }
    } finally {
      await engine.close()
    }
  } finally {
    if (!options.keep) rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 })
  }
}

async function play(options: DemoOptions, scratch: Scratch, engine: GitEngine): Promise<Omit<DemoResult, 'kept'>> {
  const { clock } = options
  const { stateDir } = engine.repository
  const startedMs = clock.monotonicMs()
  const sinceStart = (): number => clock.monotonicMs() - startedMs
  const tell = (event: DemoEvent): void => options.tell(event, sinceStart())
  const saves = createSaves(clock)
  const decisions = new Map<string, Decided>()
  const daemon = await daemonOf(options, scratch, engine, (report) => {
    if (report.kind === 'decided') decisions.set(report.path, report)
    tell({ kind: 'report', report })
    for (const reached of saves.heard(report)) tell({ kind: 'reached', ...reached })
  })
  // Told by the `await` at the end; until then it must not end the process.
  daemon.ended.catch(() => undefined)
  tell({ kind: 'ready', work: scratch.work, remote: scratch.remote })
  const actors = startActors(scratch.work, clock, personsActs(lookalikeKey(), options.speed), {
    acted(act) {
      saves.saved(act.path)
      tell({ kind: 'act', act })
    },
    indexed: (run) => tell({ kind: 'indexed', run }),
  })
  try {
    const isAllThere = (): boolean => saves.open().every((path) => decisions.get(path)?.decision !== 'sync')
    const isComplete = await untilOver(options, actors, stateDir, isAllThere, sinceStart)
    actors.stop()
    const status = await statusOf(stateDir)
    const commits = await scratch.remoteCommits()
    const files = fatesOf({ writes: actors.writes, commits, decisions, status, open: new Set(saves.open()) })
    return { files, commits, isComplete, tookMs: sinceStart() }
  } finally {
    actors.stop()
    daemon.stop('the demo is over')
    await daemon.ended
  }
}

async function daemonOf(
  options: DemoOptions,
  { work, environment }: Scratch,
  engine: GitEngine,
  listener: Reporter,
): Promise<Daemon> {
  const { version, temporaryDir, clock } = options
  const sets = demoSets(options.speed)
  const home = environment['HOME'] ?? work
  const start = await startDaemon({
    engine,
    config: { workspace: work, home, env: environment, sets },
    version,
    environment,
    temporaryDir,
    clock,
    dryRun: false,
    watch: true,
    pushAllowed: true,
    startedWith: { sets, push: true, environment: {} },
    listener,
  })
  assert(start.kind === 'started', 'nobody else can be in a folder made a moment ago')
  return start.daemon
}

/** @returns whether it was played to its end: all is done, and nothing waits that need not wait long. */
async function untilOver(
  { clock, isStopped }: DemoOptions,
  actors: Actors,
  stateDir: string,
  isAllThere: () => boolean,
  sinceStart: () => number,
): Promise<boolean> {
  let doneAtMs = Infinity
  while (!isStopped() && sinceStart() < endMsMax) {
    await new Promise<void>((resolve) => clock.after(lookMs, resolve))
    if (actors.failure() !== null) throw actors.failure()
    if (!actors.isDone()) continue
    doneAtMs = Math.min(doneAtMs, sinceStart())
    if (sinceStart() - doneAtMs < noticedMs || !isAllThere()) continue
    const status = await statusOf(stateDir)
    if (status === null) return false
    if (status.ahead === 0 && status.pending.every((change) => change.class === 'slow')) return true
  }
  return !isStopped()
}

async function statusOf(stateDir: string): Promise<StatusFile | null> {
  const status = await ask(stateDir, 'status', {})
  return status === 'no-daemon' ? null : status
}

/** Tells from the daemon's reports when the remote has what somebody saved. */
function createSaves(clock: Clock) {
  const openSinceMs = new Map<string, number>()
  const committed = new Map<string, number>()
  return {
    saved: (path: string): void => void openSinceMs.set(path, clock.monotonicMs()),
    /** What was saved and is not on the remote. */
    open: (): readonly string[] => [...openSinceMs.keys()],
    heard(report: Report): readonly { readonly path: string; readonly delayMs: number }[] {
      if (report.kind === 'committed') {
        for (const path of report.paths) {
          const atMs = openSinceMs.get(path)
          if (atMs !== undefined) committed.set(path, atMs)
        }
      }
      if (report.kind !== 'pushed') return []
      const reached = [...committed].map(([path, atMs]) => ({ path, delayMs: clock.monotonicMs() - atMs }))
      // What was saved again since then is still open.
      for (const [path, atMs] of committed) if (openSinceMs.get(path) === atMs) openSinceMs.delete(path)
      committed.clear()
      return reached
    },
  }
}

/** What a scanner takes for an access key, drawn anew each time: it opens nothing. */
function lookalikeKey(): string {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
  return `AKIA${Array.from({ length: 16 }, () => letters[Math.floor(systemRandom.next() * letters.length)]).join('')}`
}
