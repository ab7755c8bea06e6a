import type { Config } from '../config/config.ts'
import type { GitEngine, Head } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { ClockFact, RemoteFact } from './facts.ts'
import { statSync } from 'node:fs'

const dateMsMax = 5_000
/** What git writes again and again: its times are the file system's. */
const clockFiles = ['index', 'HEAD', 'logs/HEAD', 'workspace-sync/status.json']

/** Asks the remote for its tip, just now: that it answered yesterday says nothing. */
export async function lookAtRemote(engine: GitEngine, head: Head, config: Config, clock: Clock): Promise<RemoteFact> {
  if (!config.push.enabled) return { kind: 'off' }
  if (head.ref === null) return { kind: 'detached' }
  const upstream = await engine.upstream(head.ref)
  const branch = head.ref.replace(/^refs\/heads\//, '')
  if (upstream === null) {
    const isKnown = (await engine.survey.setting(`remote.${config.remote}.url`)) !== null
    return { kind: 'no-upstream', branch, remote: config.remote, isKnown }
  }
  const startedMs = clock.monotonicMs()
  const answer = await engine.remoteTip(upstream.remote, upstream.ref)
  const { address, named: remote } = upstream
  if ('name' in answer) return { kind: 'failed', address, remote, failure: answer }
  const there = upstream.ref.replace(/^refs\/heads\//, '')
  return { kind: 'answered', address, branch: there, remote, tip: answer.tip, tookMs: clock.monotonicMs() - startedMs }
}

export async function lookAtClock(engine: GitEngine, head: Head, clock: Clock): Promise<ClockFact> {
  const headAtMs = await engine.survey.headCommittedAtMs()
  const upstream = head.ref === null ? null : await engine.upstream(head.ref)
  const remoteAtMs = upstream === null ? null : await dateOf(upstream.address)
  const nowMs = clock.nowMs()
  const ahead = (atMs: number | null) => (atMs === null ? null : atMs - nowMs)
  return {
    fileSystemMs: newestFile(engine.repository.gitDir, nowMs),
    remoteMs: ahead(remoteAtMs),
    headMs: ahead(headAtMs),
  }
}

/** How far the newest of them lies in the future; null: not at all, which says nothing about the past. */
function newestFile(gitDir: string, nowMs: number): number | null {
  const times = clockFiles.map((name) => statSync(`${gitDir}/${name}`, { throwIfNoEntry: false })?.mtimeMs ?? 0)
  const aheadMs = Math.max(...times) - nowMs
  return aheadMs > 0 ? aheadMs : null
}

/** What a web server says the time is, whatever else it says; null: it is none, or does not answer. */
async function dateOf(address: string): Promise<number | null> {
  if (!/^https?:\/\//.test(address)) return null
  try {
    const signal = AbortSignal.timeout(dateMsMax)
    const { headers } = await fetch(address, { method: 'HEAD', redirect: 'manual', signal })
    const atMs = Date.parse(headers.get('date') ?? '')
    return Number.isNaN(atMs) ? null : atMs
  } catch {
    return null
  }
}
