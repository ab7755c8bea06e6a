import { setImmediate as nextTurn } from 'node:timers/promises'
import { errnoOf, SyncError } from '../errors.ts'
import type { DirectoryFaults } from '../evidence/evidence.ts'
import { readEntry } from '../evidence/evidence.ts'
import type { PendingChange, ScheduleInput } from '../schedule/schedule.ts'
import {
  pathText,
  type ChangeEvent,
  type HeldPath,
  type Oid,
  type PathBytes,
  type TreeEntry,
  type Verdict,
  type Writer,
} from '../types.ts'
import { dealtMark, rememberDealt, see, type Board, type Parts } from './board.ts'
import { decided } from './decided.ts'
import { expand } from './expand.ts'
import { forgetIfSame } from './diverged.ts'
import { judge, type Gather } from './judge.ts'
import { rememberLostNames } from './lost-names.ts'
import { whyOvergrown } from './overgrown.ts'

/** Questions to the helpers of git that are under way at once; more only queue up in pipes. */
const looksAtOnce = 64
/** Between two turns of the loop, where nothing is asked of git. */
const changesInARow = 500
/** A larger file is not read at every event; the batch reads it once, when it is due. */
const lookBytesMax = 1024 * 1024
/** How far back a write may lie that an event of now tells of. */
const writerWindowMs = 1_000

/** Where an event came from: a reconcile lists paths again that were dealt with, a watcher never does. */
export type Origin = 'watcher' | 'reconcile'

export type Look = (events: readonly ChangeEvent[], origin: Origin) => Promise<readonly ScheduleInput[]>

/** Turns hints into what the schedule is told: changes to sync, paths that need nothing, paths that are held. */
export function createLook(parts: Parts, board: Board): Look {
  return async (events, origin) => {
    const { oid, ref } = await parts.engine.head()
    const bases = await parts.engine.entriesAt(
      oid,
      events.map(({ path }) => path),
    )
    const directories: DirectoryFaults = new Map()
    const expanded = await expand(parts, oid, events, bases, directories)
    const seen: Seen = { synced: [], unknown: [], settled: [], blocked: [], held: [] }
    for (let start = 0; start < expanded.length; start += looksAtOnce) {
      // Git need not be asked about what is in memory: very many would be one turn.
      if (start > 0) await nextTurn()
      const slice = expanded.slice(start, start + looksAtOnce)
      const judged = await Promise.all(slice.map((event) => lookAtPath(parts, board, oid, event, origin, directories)))
      for (const one of judged) if (one !== null) sort(parts, board, ref, one, seen)
    }
    return toInputs(parts, board, seen)
  }
}

interface Judged {
  readonly event: ChangeEvent
  /** unknown: git could not be asked just now. It counts as a change: the batch asks again, and waits with it. */
  readonly verdict: Verdict | HeldPath | 'unknown' | 'settled'
}

interface Synced {
  readonly event: ChangeEvent
  readonly verdict: Pick<Verdict, 'path' | 'class' | 'evidence'>
}

/** What was looked at, by what is to become of it. */
interface Seen {
  readonly synced: Synced[]
  readonly unknown: ChangeEvent[]
  readonly settled: PathBytes[]
  readonly blocked: Verdict[]
  readonly held: HeldPath[]
}

async function lookAtPath(
  parts: Parts,
  board: Board,
  head: Oid | null,
  event: ChangeEvent,
  origin: Origin,
  directories: DirectoryFaults,
): Promise<Judged | null> {
  const { path } = event
  try {
    const base = await parts.evidence.base(head, path)
    if (base?.mode === '160000') {
      const reason = whyOvergrown(parts.engine, path)
      return { event, verdict: reason === null ? 'settled' : { path, reason } }
    }
    const lies =
      base === null
        ? (event.entry ?? readEntry(parts.engine.repository.root, path))
        : parts.evidence.entry(path, event.entry, directories)
    const isFileAtHead = base !== null && base.mode !== '040000'
    if (lies?.kind === 'directory' && !isFileAtHead) return null
    // A directory in a file's place: the file is deleted, and what the directory holds are paths of their own.
    const entry = lies?.kind === 'directory' ? null : lies
    // What is back, also as it was at HEAD, counts as deleted no longer.
    if (entry !== null) board.deletions.delete(path)
    const fresh = see(parts, board, path, lies?.fingerprint ?? 'gone')
    const mark = dealtMark(entry, base)
    if (board.stored.get(path) === mark || (origin === 'reconcile' && board.dealt.get(path) === mark)) return null
    const gather = gatherForLook(parts, event, base, fresh, directories)
    return { event, verdict: await judge(parts.classifier, path, entry, 'early', gather) }
  } catch (error) {
    if (error instanceof SyncError) return { event, verdict: 'unknown' }
    return { event, verdict: { path, reason: whyNotReadable(path, error) } }
  }
}

/** One path that cannot be looked at must not keep the others from it. @throws what is a bug of ours. */
function whyNotReadable(path: PathBytes, error: unknown): string {
  if (errnoOf(error) === null || !(error instanceof Error)) throw error
  return `cannot be looked at (${error.message}); make it readable: chmod u+rwX -- ${pathText(path)}`
}

function gatherForLook(
  parts: Parts,
  event: ChangeEvent,
  base: TreeEntry | null,
  fresh: boolean,
  directories: DirectoryFaults,
): Gather {
  const { path, atMs } = event
  return async (need, evidence) => {
    switch (need) {
      case 'scope':
        return { ...evidence, base, scope: await parts.evidence.scope(path, evidence.entry, base, directories) }
      case 'base':
        return { ...evidence, base }
      case 'writer':
        return {
          ...evidence,
          writer: parts.witness.ask({ path, entry: evidence.entry, fromMs: atMs - writerWindowMs, toMs: atMs }),
        }
      case 'bytes':
        return { ...evidence, bytes: parts.evidence.bytes(path, evidence.entry, lookBytesMax) }
      case 'baseBytes': {
        const baseBytes = base === null ? null : await parts.evidence.blobBytes(base.oid, lookBytesMax)
        return { ...evidence, baseBytes }
      }
      case 'growth':
        return { ...evidence, growth: base === null ? null : parts.evidence.growth(path, evidence.entry, base.oid) }
      case 'lane':
        // Only here is it sure that nothing blocks the path and no rule allows it: the breaker counts no other writes.
        if (fresh) parts.breaker.wrote(path, atMs, false)
        return { ...evidence, lane: parts.breaker.lane(path, parts.clock.nowMs(), parts.random.next) }
      case 'guard':
        throw new Error('the guard is asked about blobs, at the batch')
    }
  }
}

/** Of a change that is to be synced no more is kept than is needed: a checkout brings a hundred thousand of them. */
function sort(parts: Parts, board: Board, ref: string | null, { event, verdict }: Judged, seen: Seen): void {
  if (verdict === 'unknown') return void seen.unknown.push(event)
  if (verdict === 'settled') return void seen.settled.push(event.path)
  if (!('decision' in verdict)) {
    seen.held.push(verdict)
    board.counters.hold += 1
    return
  }
  board.counters[verdict.decision] += 1
  parts.report(decided(verdict))
  const { path, class: pace, evidence } = verdict
  if (verdict.decision === 'sync') return void seen.synced.push({ event, verdict: { path, class: pace, evidence } })
  rememberDealt(board, verdict)
  if (verdict.decision === 'block') {
    forgetIfSame(parts, board, ref, verdict)
    // Whether it is whole matters to nobody, and the breaker is not asked.
    board.sightings.delete(path)
    seen.settled.push(path)
    seen.blocked.push(verdict)
  } else seen.held.push({ path, reason: verdict.reason })
}

async function toInputs(parts: Parts, board: Board, seen: Seen): Promise<readonly ScheduleInput[]> {
  const gone = rememberDeletions(board, seen.synced)
  rememberLostNames(parts, board, seen.blocked, gone)
  const changes = seen.unknown.map(unjudged)
  for (const { event, verdict } of seen.synced) {
    const change = pendingOf(parts, event, verdict, gone)
    if (change.rename?.half === 'created') board.lostNames.delete(change.rename.oid)
    changes.push(change)
    if (changes.length % changesInARow === 0) await nextTurn()
  }
  const { settled, held } = seen
  return [
    ...(changes.length > 0 ? [{ kind: 'changes', changes } as const] : []),
    ...(settled.length > 0 ? [{ kind: 'settled', paths: settled } as const] : []),
    ...(held.length > 0 ? [{ kind: 'held', held } as const] : []),
  ]
}

/** @returns the blob ids of what was deleted lately. */
function rememberDeletions(board: Board, synced: readonly Synced[]): ReadonlySet<Oid> {
  for (const { event, verdict } of synced) {
    const oid = verdict.evidence.base?.oid
    if (verdict.evidence.entry === null && oid !== undefined) board.deletions.set(event.path, { oid, atMs: event.atMs })
    else board.deletions.delete(event.path)
  }
  return new Set([...board.deletions.values()].map(({ oid }) => oid))
}

function pendingOf(
  parts: Parts,
  event: ChangeEvent,
  verdict: Synced['verdict'],
  gone: ReadonlySet<Oid>,
): PendingChange {
  const { path, evidence } = verdict
  const { lane, writer, entry } = evidence
  if (writer?.kind === 'human' || writer?.session != null) parts.breaker.wrote(path, event.atMs, true)
  return {
    path,
    class: verdict.class,
    group: groupOf(verdict.evidence.writer),
    changedAtMs: event.atMs,
    slow: lane?.kind === 'slow' ? { pattern: lane.pattern, commitAtMs: lane.commitAtMs } : null,
    session: writer?.session ?? null,
    rename: renameHalf(parts, verdict, gone),
    sizeBytes: entry?.sizeBytes ?? 0,
  }
}

function unjudged({ path, atMs, entry }: ChangeEvent): PendingChange {
  const nothingKnown = { group: 'workspace', slow: null, session: null, rename: null } as const
  return { path, class: 'default', changedAtMs: atMs, sizeBytes: entry?.sizeBytes ?? 0, ...nothingKnown }
}

/** Paths of one group may share a commit: an agent's work is kept apart from everybody else's. */
export function groupOf(writer: Writer | undefined): string {
  if (writer?.kind !== 'agent') return 'workspace'
  return `agent:${writer.session ?? writer.name ?? 'unnamed'}`
}

/** A file that appears with the bytes of one that was deleted lately is the other half of a rename. */
function renameHalf(
  parts: Parts,
  { path, evidence }: Synced['verdict'],
  gone: ReadonlySet<Oid>,
): PendingChange['rename'] {
  if (evidence.entry === null) {
    const oid = evidence.base?.oid
    return oid === undefined ? null : { half: 'deleted', oid }
  }
  if (evidence.base !== null || gone.size === 0) return null
  const oid = parts.evidence.rawBlobId(path, evidence.entry, lookBytesMax)
  return oid !== null && gone.has(oid) ? { half: 'created', oid } : null
}
