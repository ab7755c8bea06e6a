import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { placeOf } from '../place.ts'
import { lookAt, wholeFile, type ProcessIdentity } from '../platform/platform.ts'
import type { DaemonState, LastStatus, StatusFile } from '../report/report.ts'
import type { ScheduleView } from '../schedule/schedule.ts'
import { masked } from '../tokens.ts'
import { pathText } from '../types.ts'
import type { Board, Parts } from './board.ts'
import type { Notifier } from './notify.ts'

/** `status.json` is written again at least this often; a reader that finds it older knows that something is wrong. */
const heartbeatPendingMs = 5_000
const heartbeatRestMs = 60_000
/** Nobody reads it more often than this, and a storm of events must not become a storm of writes. */
const writeGapMs = 200

const writersToldMax = 100

export interface StatusWriter {
  /** Writes at once: somebody was just told something and may look. */
  write(): void
  /** Something may have changed; writes now, or soon if it has just been written. */
  touch(): void
  /** Somebody may have removed or overwritten the file: writes it again at once if so. */
  mend(): void
  /**
   * The daemon is gone: nothing must be left that looks alive.
   * @param why it stopped; null for a bug: then only the last word it wrote is left, as by a kill
   */
  close(why: string | null): void
}

export interface StatusSource {
  readonly identity: ProcessIdentity
  readonly version: string
  readonly startedAtMs: number
  view(): ScheduleView
}

/** Keeps `status.json` true. A disk that takes no more writes makes it stale, which a reader calls `degraded`. */
export function createStatusWriter(
  parts: Parts,
  board: Board,
  source: StatusSource,
  notify: (again: () => void) => Notifier,
): StatusWriter {
  const { stateDir } = parts.engine.repository
  const path = join(stateDir, 'status.json')
  const { clock } = parts
  let writtenAtMs = -Infinity
  let written: string | null = null
  let cancel = (): void => {}
  let closed = false
  const write = (): void => {
    if (closed) return
    cancel()
    if (parts.home.isGone()) return void (cancel = clock.after(heartbeatPendingMs, write))
    writtenAtMs = clock.monotonicMs()
    const view = source.view()
    const status = statusOf(parts, board, source, view)
    notifier.look(view)
    try {
      wholeFile.write(path, `${masked(JSON.stringify(status))}\n`, false)
      written = fingerprintOf(path)
    } catch {
      // The reader sees the missed heartbeat; the log tells of the disk.
    }
    cancel = clock.after(status.heartbeatMs, write)
  }
  const notifier = notify(write)
  return {
    write,
    touch() {
      const sinceMs = clock.monotonicMs() - writtenAtMs
      if (sinceMs >= writeGapMs) return write()
      cancel()
      cancel = clock.after(writeGapMs - sinceMs, write)
    },
    mend() {
      if (fingerprintOf(path) !== written) write()
    },
    close(why) {
      closed = true
      notifier.close()
      cancel()
      if (why === null) return
      leave(join(stateDir, 'last-status.json'), {
        ...composeStatus(parts, board, source),
        ended: { atMs: clock.nowMs(), why },
      })
      rmSync(path, { force: true })
    },
  }
}

/** What an earlier daemon left there is no longer the last word, even where the disk takes no new one. */
function leave(path: string, last: LastStatus): void {
  try {
    wholeFile.write(path, `${masked(JSON.stringify(last))}\n`, false)
  } catch {
    rmSync(path, { force: true })
  }
}

function fingerprintOf(path: string): string | null {
  try {
    return lookAt(path)?.fingerprint ?? null
  } catch {
    return null
  }
}

export function composeStatus(parts: Parts, board: Board, source: StatusSource): StatusFile {
  return statusOf(parts, board, source, source.view())
}

function statusOf(parts: Parts, board: Board, source: StatusSource, view: ScheduleView): StatusFile {
  const { clock, config, engine } = parts
  const nowMs = clock.nowMs()
  const loops = parts.breaker.view(nowMs)
  const isResting = view.phase === 'idle' && view.oldestUnsyncedAtMs === null
  const unsettled = view.unsettled.map((path) => ({
    path: pathText(path),
    reason: 'not whole for over a minute: it keeps changing, or a program has it open for writing',
  }))
  return {
    writtenAtMs: nowMs,
    heartbeatMs: isResting ? heartbeatRestMs : heartbeatPendingMs,
    startedAtMs: source.startedAtMs,
    ...source.identity,
    place: placeOf(engine.repository.stateDir),
    version: source.version,
    workspace: engine.repository.root,
    branch: board.head.ref?.replace(/^refs\/heads\//, '') ?? null,
    remote: board.remoteAddress,
    engine: engine.name,
    watcher: parts.source.health().name,
    watcherTrouble: parts.source.health().degraded,
    ...stateOf(parts, board, view),
    oldestUnsyncedAtMs: view.oldestUnsyncedAtMs,
    looked: view.lookedAtMs !== null && !view.lookTrouble,
    verifiedAtMs: view.verifiedAtMs,
    verifyWithinMs: 2 * config.pull.intervalMs,
    ahead: view.ahead,
    behind: view.behind,
    pending: view.pending.map((one) => ({ ...one, path: pathText(one.path) })),
    budget: view.budget,
    slow: loops.slow.map(({ pattern, sinceMs }) => ({ pattern, sinceMs })),
    quarantine: loops.quarantine.map(({ pattern, signal, sinceMs, proposedRule }) => ({
      pattern,
      signal,
      sinceMs,
      proposedRule,
    })),
    held: [...view.held.map(({ path, reason }) => ({ path: pathText(path), reason })), ...unsettled],
    waiting: parts.live.waiting,
    mistakes: parts.live.mistake?.lines ?? [],
    writers: toldWriters(parts),
    lastCommit: board.lastCommit,
    lastPush: board.lastPush,
    counters: { ...board.counters, retries: view.retries },
    rssBytes: process.memoryUsage.rss(),
  }
}

/** Two processes of one program are one writer. */
function toldWriters(parts: Parts): StatusFile['writers'] {
  const told = parts.livingWriters().map(({ kind, name, tier, policy }) => ({ kind, name, tier, policy }))
  return [...new Map(told.map((one) => [JSON.stringify(one), one])).values()].slice(0, writersToldMax)
}

/** What stands in the way of a commit or a push is told before what the watcher cannot see. */
function stateOf(
  parts: Parts,
  { conflicts }: Board,
  view: ScheduleView,
): { readonly state: DaemonState; readonly reason: string | null } {
  const { degraded } = parts.source.health()
  const { mistake } = parts.live
  if (view.reason === null && mistake !== null) {
    const [first, ...others] = mistake.lines
    const what = others.length === 0 ? mistake.text : `${first} (and ${others.length} more)`
    return { state: 'degraded', reason: `rules and settings stay as they were: ${what}` }
  }
  if (view.reason === null && degraded !== null) {
    return { state: 'degraded', reason: `${degraded.reason}; ${degraded.remedy}` }
  }
  if (view.reason === null && view.phase === 'idle' && conflicts.length > 0) {
    const what = conflicts.length === 1 ? 'one conflict waits' : `${conflicts.length} conflicts wait`
    return { state: 'conflict', reason: `${what} for a word: workspace-sync conflicts list` }
  }
  const more = view.pendingUnlisted
  const unlisted = more > 0 ? `${more} more paths are pending than listed` : null
  const reason = view.reason === null ? unlisted : `${view.reason}: ${view.detail ?? ''}`
  return { state: view.phase, reason }
}
