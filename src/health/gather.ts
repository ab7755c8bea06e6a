import { statfs } from 'node:fs/promises'
import { compileRules } from '../classify/classify.ts'
import { checkConfig, mistakeLine, type Config, type ConfigInput, type LoadedConfig } from '../config/config.ts'
import { assert } from '../errors.ts'
import type { GitEngine, Head } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { ConfigurationFact, DiskFact, HealthFacts } from '../report/report.ts'
import { lookAtCapacity } from './capacity.ts'
import { lookAtCommits, lookAtDaemon, lookAtUnsynced } from './daemon.ts'
import { lookAtLocks } from './locks.ts'
import { lookAtObjects } from './objects.ts'
import { lookAtClock, lookAtRemote } from './remote.ts'
import { seen } from './seen.ts'
import { lookAtState } from './state.ts'

export interface HealthInput {
  readonly engine: GitEngine
  readonly configInput: ConfigInput
  readonly version: string
  readonly clock: Clock
  readonly typed: HealthFacts['typed']
}

/** Looks at everything at once. Nothing is written but the result of a slow check of the objects. */
export async function gatherHealth(input: HealthInput): Promise<HealthFacts> {
  const { engine, clock, typed } = input
  const { repository, survey } = engine
  const { configuration, loaded } = await lookAtConfiguration(input.configInput)
  const { config } = loaded
  const nowMs = clock.nowMs()
  const head = await engine.head()
  const remoteName = await nameOfRemote(engine, head, config)
  const daemon = await seen(() => lookAtDaemon(repository.stateDir, input.version))
  const running = 'unseen' in daemon ? null : daemon.running
  const [git, objects, operations, identity, disk, locks, state, capacity, remote, unsynced, commits, time] =
    await Promise.all([
      seen(async () => ({ version: await survey.version() })),
      seen(() => lookAtObjects(engine, clock, config.health.fsckMs, remoteName)),
      seen(async () => ({ pauses: await engine.pauses() })),
      seen(async () => ({ failure: await engine.identityFailure() })),
      seen(() => lookAtDisk(repository.gitDir, config)),
      seen(() => lookAtLocks(engine, nowMs)),
      seen(() => lookAtState(repository.stateDir, typed.program)),
      seen(() => lookAtCapacity(engine, running?.pid ?? null)),
      seen(() => lookAtRemote(engine, head, config, clock)),
      seen(() => lookAtUnsynced(engine, head, loaded, running !== null)),
      seen(() => lookAtCommits(engine, config, nowMs)),
      seen(() => lookAtClock(engine, head, clock)),
    ])
  return {
    nowMs,
    typed,
    git,
    repository: objects,
    operations,
    identity,
    configuration,
    disk,
    locks,
    state,
    daemon,
    capacity,
    remote,
    unsynced,
    commits,
    clock: time,
  }
}

async function nameOfRemote(engine: GitEngine, head: Head, config: Config): Promise<string | null> {
  const upstream = head.ref === null ? null : await engine.upstream(head.ref)
  if (upstream !== null) return upstream.remote
  return (await engine.survey.setting(`remote.${config.remote}.url`)) === null ? null : config.remote
}

/** What is in force; the built-in settings where what the user wrote cannot be understood. */
async function lookAtConfiguration(
  input: ConfigInput,
): Promise<{ readonly configuration: ConfigurationFact; readonly loaded: LoadedConfig }> {
  const result = await checkConfig(input)
  if (result.kind === 'mistaken') {
    return { configuration: { mistakes: result.mistakes.map(mistakeLine), warnings: [] }, loaded: await builtIn() }
  }
  const { loaded } = result
  const { mistakes } = compileRules(loaded.ruleFiles, loaded.config.rules.default)
  if (mistakes.length === 0) return { configuration: { mistakes: [], warnings: loaded.warnings }, loaded }
  const lines = mistakes.map(
    ({ source, line, column, problem, remedy }) => `${source}:${line}:${column} ${problem} — ${remedy}`,
  )
  return { configuration: { mistakes: lines, warnings: loaded.warnings }, loaded: await builtIn() }
}

async function builtIn(): Promise<LoadedConfig> {
  const result = await checkConfig({ workspace: null, home: '/nonexistent', env: {}, sets: [] })
  assert(result.kind === 'loaded', 'the built-in settings have no mistake')
  return result.loaded
}

async function lookAtDisk(path: string, config: Config): Promise<DiskFact> {
  const { bavail, bsize, files, ffree } = await statfs(path)
  return {
    path,
    freeBytes: bavail * bsize,
    wantedBytes: config.health.minFreeDiskBytes,
    freeInodes: files === 0 ? null : ffree,
  }
}
