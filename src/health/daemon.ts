import { existsSync } from 'node:fs'
import type { Config, LoadedConfig } from '../config/config.ts'
import { ask } from '../control/control.ts'
import { createDryJudge, lockOwner } from '../daemon/daemon.ts'
import { SyncError } from '../errors.ts'
import type { GitEngine, Head } from '../git/git.ts'
import type { StatusFile } from '../report/report.ts'
import type { CommitsFact, DaemonFact, UnsyncedFact } from './facts.ts'

/** A daemon that is only busy answers within this. */
const answerMsMax = 3_000
/** Paths judged when no daemon keeps count; of more only how many there are is told. */
const judgedMax = 500
const hourMs = 3_600_000

export async function lookAtDaemon(stateDir: string, ownVersion: string): Promise<DaemonFact> {
  const owner = existsSync(stateDir) ? lockOwner(stateDir) : null
  if (owner === null) return { ownVersion, running: null, status: null }
  const status = await statusOf(stateDir)
  if (status === null) return { ownVersion, running: { pid: owner.pid, answer: 'silent' }, status }
  return { ownVersion, running: { pid: owner.pid, answer: { version: status.version } }, status }
}

/** null: no answer that makes sense. */
async function statusOf(stateDir: string): Promise<StatusFile | null> {
  try {
    const answer = await ask(stateDir, 'status', {}, answerMsMax)
    return answer === 'no-daemon' ? null : answer
  } catch (error) {
    if (error instanceof SyncError) return null
    throw error
  }
}

/** With a daemon only what is not pushed: it keeps count of the rest. */
export async function lookAtUnsynced(
  engine: GitEngine,
  head: Head,
  loaded: LoadedConfig,
  hasDaemon: boolean,
): Promise<UnsyncedFact> {
  const upstream = head.ref === null ? null : await engine.upstream(head.ref)
  const commits = upstream === null ? 0 : await engine.survey.unpushed(upstream.remote)
  if (hasDaemon) return { paths: null, held: 0, commits }
  const changed = await engine.changedPaths()
  if (changed.length > judgedMax) return { paths: changed.length, held: 0, commits }
  const { judge } = await createDryJudge(engine, loaded)
  let [paths, held] = [0, 0]
  for (const path of changed) {
    const { decision } = (await judge(path)).verdict
    if (decision === 'sync') paths += 1
    if (decision === 'hold') held += 1
  }
  return { paths, held, commits }
}

export async function lookAtCommits(engine: GitEngine, config: Config, nowMs: number): Promise<CommitsFact> {
  const { survey } = engine
  const [lastHour, lastDay] = await Promise.all([
    survey.commitsSince(nowMs - hourMs),
    survey.commitsSince(nowMs - 24 * hourMs),
  ])
  const { commitsPerHour, gatherMs, mode } = config.limits
  const gathered = mode === 'strict' || gatherMs === 0 ? 0 : hourMs / gatherMs
  return { lastHour, lastDay, ceilingPerHour: commitsPerHour + gathered }
}
