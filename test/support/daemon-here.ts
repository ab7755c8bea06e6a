import { tmpdir } from 'node:os'
import { startDaemon, type Daemon } from '../../src/daemon/daemon.ts'
import { assert } from '../../src/errors.ts'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import { systemClock, type Clock } from '../../src/platform/platform.ts'
import { describe } from '../../src/report/report.ts'
import { openEngine } from './open-engine.ts'
import { gitEnvironment, type TempRepo } from './temp-repo.ts'

/** A clock whose wall time a test may set; timers and the time that never jumps are real. */
export interface SettableClock extends Clock {
  jump(deltaMs: number): void
}

export function settableClock(): SettableClock {
  let offsetMs = 0
  return {
    ...systemClock,
    nowMs: () => systemClock.nowMs() + offsetMs,
    jump: (deltaMs) => void (offsetMs += deltaMs),
  }
}

export interface DaemonHere {
  readonly daemon: Daemon
  readonly engine: GitEngine
  /** What it told, a line each. */
  readonly told: readonly string[]
  stop(): Promise<void>
}

/** Short enough for a test, long enough that what is saved twice in a row leaves once. */
const quickSets = [
  'debounce.immediate=50ms',
  'debounce.code=50ms',
  'debounce.default=50ms',
  'limits.commitsPerHour=1000',
]

/** A daemon inside the test's own process: for what a process of its own cannot be told, such as the time. */
export async function startHere(
  repo: TempRepo,
  options: {
    readonly clock?: Clock
    readonly sets?: readonly string[]
    readonly git?: Partial<OpenOptions>
    readonly home?: string
  } = {},
): Promise<DaemonHere> {
  const engine = await openEngine(repo, options.git)
  const told: string[] = []
  const sets = [...quickSets, ...(options.sets ?? [])]
  const start = await startDaemon({
    engine,
    config: { workspace: repo.root, home: options.home ?? '/nonexistent', env: {}, sets },
    version: 'test',
    dryRun: false,
    watch: true,
    pushAllowed: true,
    startedWith: { sets, push: true, environment: {} },
    listener: (report) => void told.push(describe(report).text),
    environment: gitEnvironment,
    temporaryDir: tmpdir(),
    clock: options.clock ?? systemClock,
  })
  assert(start.kind === 'started', 'no other daemon runs here')
  const { daemon } = start
  const stop = async (): Promise<void> => {
    daemon.stop('the test is over')
    await daemon.ended
  }
  return { daemon, engine, told, stop }
}
