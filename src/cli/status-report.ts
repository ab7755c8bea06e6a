import type { Counters, DaemonState, StatusFile } from '../report/report.ts'

/** What `status --json` prints: ages computed now, from the instants that the daemon wrote. */
export interface StatusReport {
  readonly running: true
  readonly pid: number
  readonly version: string
  readonly workspace: string
  readonly branch: string | null
  readonly remote: string | null
  readonly engine: string
  readonly watcher: string
  readonly state: DaemonState
  readonly reason: string | null
  /** 0: nothing waits for the remote. */
  readonly convergenceAgeMs: number
  readonly inSync: boolean
  readonly ahead: number
  readonly behind: number
  readonly pending: readonly { readonly path: string; readonly class: string; readonly dueMs: number }[]
  readonly budget: StatusFile['budget']
  readonly slow: readonly { readonly pattern: string; readonly since: string }[]
  readonly quarantine: readonly {
    readonly pattern: string
    readonly signal: string
    readonly since: string
    readonly proposedRule: string
  }[]
  readonly held: StatusFile['held']
  /** It is on the remote or on its way there, and so is no reason not to be in sync. */
  readonly waiting: StatusFile['waiting']
  readonly mistakes: StatusFile['mistakes']
  readonly writers: StatusFile['writers']
  readonly lastCommit: { readonly oid: string; readonly at: string; readonly paths: readonly string[] } | null
  readonly lastPush: { readonly oid: string; readonly at: string } | null
  readonly counters: Counters
  readonly uptimeMs: number
  readonly rssBytes: number
}

/** A daemon that has let two of its heartbeats pass may hang or be stopped; what it wrote is no longer the truth. */
const heartbeatsMissed = 2

/** @param isoOf an instant in ISO 8601. */
export function statusReport(file: StatusFile, nowMs: number, isoOf: (atMs: number) => string): StatusReport {
  const { lastCommit, lastPush } = file
  const silentMs = Math.abs(nowMs - file.writtenAtMs)
  const isStale = silentMs > heartbeatsMissed * file.heartbeatMs
  const reason = isStale
    ? `the daemon has been silent for ${Math.round(silentMs / 1_000)} s: it hangs or was stopped; try restarting it`
    : file.reason
  return {
    running: true,
    pid: file.pid,
    version: file.version,
    workspace: file.workspace,
    branch: file.branch,
    remote: file.remote,
    engine: file.engine,
    watcher: file.watcher,
    state: isStale ? 'degraded' : file.state,
    reason,
    convergenceAgeMs: file.oldestUnsyncedAtMs === null ? 0 : Math.max(0, nowMs - file.oldestUnsyncedAtMs),
    inSync: !isStale && isInSync(file, nowMs),
    ahead: file.ahead,
    behind: file.behind,
    pending: file.pending.map(({ path, class: pace, dueAtMs }) => ({
      path,
      class: pace,
      dueMs: Math.max(0, dueAtMs - nowMs),
    })),
    budget: file.budget,
    slow: file.slow.map(({ pattern, sinceMs }) => ({ pattern, since: isoOf(sinceMs) })),
    quarantine: file.quarantine.map(({ pattern, signal, sinceMs, proposedRule }) => ({
      pattern,
      signal,
      since: isoOf(sinceMs),
      proposedRule,
    })),
    held: file.held,
    // A daemon that was started before an update does not tell these.
    waiting: (file as Partial<StatusFile>).waiting ?? [],
    mistakes: (file as Partial<StatusFile>).mistakes ?? [],
    writers: file.writers,
    lastCommit: lastCommit && { oid: lastCommit.oid, at: isoOf(lastCommit.atMs), paths: lastCommit.paths },
    lastPush: lastPush && { oid: lastPush.oid, at: isoOf(lastPush.atMs) },
    counters: file.counters,
    uptimeMs: Math.max(0, nowMs - file.startedAtMs),
    rssBytes: file.rssBytes,
  }
}

/** Of a daemon that lives and tells nothing: that much is known, and everything else stands for "unknown". */
export function silentReport(pid: number, workspace: string, reason: string): StatusReport {
  const none = { used: 0, limit: 0 }
  return {
    running: true,
    pid,
    version: 'unknown',
    workspace,
    branch: null,
    remote: null,
    engine: 'unknown',
    watcher: 'unknown',
    state: 'degraded',
    reason,
    convergenceAgeMs: 0,
    inSync: false,
    ahead: 0,
    behind: 0,
    pending: [],
    budget: { hour: none, day: none },
    slow: [],
    quarantine: [],
    held: [],
    waiting: [],
    mistakes: [],
    writers: [],
    lastCommit: null,
    lastPush: null,
    counters: { events: 0, sync: 0, block: 0, hold: 0, commits: 0, pushes: 0, retries: 0, reconciles: 0 },
    uptimeMs: 0,
    rssBytes: 0,
  }
}

function isInSync(file: StatusFile, nowMs: number): boolean {
  const unsynced = file.pending.length + file.held.length + file.quarantine.length
  if (!file.looked || unsynced > 0 || file.oldestUnsyncedAtMs !== null || file.ahead !== 0 || file.behind !== 0)
    return false
  return file.verifiedAtMs !== null && nowMs - file.verifiedAtMs <= file.verifyWithinMs
}
