import { statfs } from 'node:fs/promises'
import type { Config, ConfigInput } from '../config/config.ts'
import type { GitEngine, Head } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { DiskFact, HealthFacts } from './facts.ts'
import { lookAtCapacity } from './capacity.ts'
import { lookAtCommits, lookAtDaemon, lookAtUnsynced } from './daemon.ts'
import { lookAtConfiguration } from './configuration.ts'
import { lookAtLocks } from './locks.ts'
import { lookAtObjects } from './objects.ts'
import { lookAtClock, lookAtRemote } from './remote.ts'
import { seen } from './seen.ts'
import { lookAtState } from './state.ts'
import { typedIn } from './typed.ts'

export interface HealthInput {
  readonly engine: GitEngine
  readonly configInput: ConfigInput
  readonly version: string
  readonly clock: Clock
  /** Where the user is, and types what is proposed. */
  readonly cwd: string
}

/** Looks at everything at once. Nothing is written but the result of a slow check of the objects. */
export async function gatherHealth(input: HealthInput): Promise<HealthFacts> {
  const { engine, clock } = input
  const { repository, survey } = engine
  const typed = typedIn(input.cwd, repository.root)
  const { configuration, loaded } = await lookAtConfiguration(engine, input.configInput, clock)
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
  if (upstream !== null) return upstream.named
  return (await engine.survey.setting(`remote.${config.remote}.url`)) === null ? null : config.remote
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
