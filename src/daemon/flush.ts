import { massDeletions } from '../classify/classify.ts'
import { commitBatch, type Signature } from '../commit/commit.ts'
import { isEmptied, type BlobFacts } from '../evidence/evidence.ts'
import type { Head } from '../git/git.ts'
import type { BatchResult, PendingChange } from '../schedule/schedule.ts'
import {
  pathsToldMax,
  pathText,
  type Batch,
  type CommitOutcome,
  type HeldPath,
  type Oid,
  type PathBytes,
  type Verdict,
} from '../types.ts'
import { withoutDeletions } from './acknowledged.ts'
import { dealtMark, rememberDealt, type Board, type Parts } from './board.ts'
import { failureOf } from './failure.ts'
import { hostsOf } from './hosts.ts'
import { madeMax } from './push-steps.ts'
import { watchOver } from './still-lies.ts'
import { judgeBlobs, type BlockedPath, type Sorted } from './judge-blobs.ts'
import { storeLimits } from './store-limits.ts'

/** Deletions of this long are weighed together: a script's thousand deletions come in many batches. */
const massDeletionWindowMs = 5 * 60_000

export interface FlushDone {
  readonly result: BatchResult
  /** Paths that turned slow while they waited: back to the schedule, at the breaker's pace. */
  readonly deferred: readonly PendingChange[]
  readonly blocked: readonly BlockedPath[]
}

/**
 * Judges a batch on the very blobs it would commit, and commits what is left.
 * @param head read before everything else was asked: when it moves meanwhile, the commit is refused as `head-moved`
 */
export async function flush(parts: Parts, board: Board, batch: Batch, head: Head): Promise<FlushDone> {
  const stillLies = watchOver(parts)
  const sorted = await judgeBatch(parts, board, batch, head)
  const paths = sorted.verdicts.map(({ path }) => path)
  if (paths.length === 0) return done(sorted)
  if (parts.dryRun) {
    parts.report({ kind: 'would-commit', paths: paths.map(pathText) })
    return done({ ...sorted, settled: [...sorted.settled, ...paths] })
  }
  const startedMs = parts.clock.monotonicMs()
  const decidedAtMs = parts.clock.nowMs()
  board.committing = true
  try {
    const { verdicts } = sorted
    const request = {
      id: parts.random.hex(16),
      head,
      verdicts,
      signature: signatureOf(parts, batch),
      stillLies: () => stillLies(verdicts.map(({ evidence }) => evidence)),
    }
    const outcome = await commitBatch(parts.engine, parts.journal, request)
    if (outcome.kind === 'committed') {
      const tookMs = parts.clock.monotonicMs() - startedMs
      const made = { id: request.id, writer: request.signature.writer, paths: outcome.paths }
      noteCommit(parts, board, batch, { ref: head.ref, oid: outcome.oid }, made, tookMs)
      const sizeBytes = bytesOf(sorted.verdicts)
      board.unpushed = [...board.unpushed, { oid: outcome.oid, base: head.oid, sizeBytes }].slice(-madeMax)
      const committed = new Set(outcome.paths)
      for (const verdict of sorted.verdicts) {
        forgetSighting(board, verdict)
        if (!committed.has(verdict.path)) continue
        rememberStored(board, verdict)
        parts.observer?.authors.dealt(verdict.path, verdict.evidence.entry?.fingerprint ?? null)
      }
      rememberDeleted(
        parts,
        sorted.verdicts.filter(({ path }) => committed.has(path)),
      )
      parts.breaker.committed(sorted.counted, decidedAtMs, batch.trigger)
    }
    if ('leftOut' in outcome) for (const { path } of outcome.leftOut) board.leftOut.set(path, true)
    // The same bytes would be refused again.
    if (outcome.kind === 'hook-refused') for (const verdict of sorted.verdicts) rememberDealt(board, verdict)
    return done(sorted, outcome)
  } finally {
    board.committing = false
  }
}

/** What `flush` does with a batch of which nothing may be committed; null: something would be. */
export async function flushNothing(parts: Parts, board: Board, batch: Batch, head: Head): Promise<FlushDone | null> {
  const sorted = await judgeBatch(parts, board, batch, head)
  return sorted.verdicts.length > 0 ? null : done(sorted)
}

async function judgeBatch(parts: Parts, board: Board, batch: Batch, head: Head): Promise<Sorted> {
  for (const path of batch.paths) parts.observer?.authors.reading(path)
  const facts = await parts.evidence.collectBlobs(
    head.oid,
    batch.paths,
    (path) => board.sightings.get(path),
    storeLimits(parts),
  )
  parts.observer?.settle(batch.paths)
  return judgeBlobs(parts, board, batch, head, facts, await massDeleted(parts, board, head, facts))
}

function bytesOf(verdicts: readonly Verdict[]): number {
  return verdicts.reduce((sum, { evidence }) => sum + (evidence.guard?.blob?.sizeBytes ?? 0), 0)
}

/** It is as at HEAD now. What has changed it since was looked at since. */
function forgetSighting(board: Board, { path, evidence }: Verdict): void {
  if (board.sightings.peek(path)?.fingerprint === (evidence.entry?.fingerprint ?? 'gone')) board.sightings.delete(path)
}

function rememberStored(board: Board, { path, evidence }: Verdict): void {
  board.stored.set(path, dealtMark(evidence.entry, evidence.guard?.blob ?? null))
}

function noteCommit(
  parts: Parts,
  board: Board,
  batch: Batch,
  head: { readonly ref: string | null; readonly oid: Oid },
  facts: { readonly id: string; readonly writer: string | null; readonly paths: readonly PathBytes[] },
  tookMs: number,
): void {
  const { oid } = head
  const names = facts.paths.map(pathText)
  parts.report({ kind: 'committed', oid, paths: names, trigger: batch.trigger, tookMs, facts })
  board.counters.commits += 1
  board.lastCommit = { oid, atMs: parts.clock.nowMs(), paths: names.slice(0, pathsToldMax) }
  board.head = head
  const { acknowledged } = parts.state.value
  const left = withoutDeletions(acknowledged, facts.paths)
  if (left.length === acknowledged.length) return
  try {
    parts.state.update({ acknowledged: left })
  } catch (error) {
    // The commit is made; a word too many for the next start does no harm.
    failureOf(error)
  }
}

/** For a daemon that is started soon: all that this one knows of is in its memory. */
function rememberDeleted({ state, clock }: Parts, committed: readonly Verdict[]): void {
  const created = new Set(committed.flatMap(({ evidence }) => evidence.guard?.blob?.oid ?? []))
  const isDeletion = ({ evidence: { entry, base } }: Verdict): boolean =>
    entry === null && base != null && !created.has(base.oid)
  const count = committed.filter(isDeletion).length
  if (count === 0) return
  const nowMs = clock.nowMs()
  const recent = state.value.deleted.filter(({ atMs }) => nowMs - atMs <= massDeletionWindowMs)
  try {
    state.update({ deleted: [...recent, { atMs: nowMs, count }] })
  } catch (error) {
    // The commit is made; without it only a start in the next minutes counts less.
    failureOf(error)
  }
}

function signatureOf(parts: Parts, batch: Batch): Signature {
  const { commit, push } = parts.config
  return {
    host: hostsOf(parts.config, parts.state.value.cloneId)[0],
    writer: batch.group === 'workspace' ? 'unknown' : batch.group.replace(/^agent:/, ''),
    template: commit.message,
    skipCi: push.skipCi,
  }
}

/** Which of the batch's deletions are part of a mass deletion. Deletions held or committed lately count with them. */
async function massDeleted(
  parts: Parts,
  board: Board,
  head: Head,
  facts: ReadonlyMap<PathBytes, BlobFacts>,
): Promise<ReadonlySet<PathBytes>> {
  const deleted = [...facts].flatMap(([path, { blob, base }]) =>
    blob === null && base !== null ? [{ path, oid: base.oid }] : [],
  )
  if (deleted.length === 0) return new Set()
  const sinceMs = parts.clock.nowMs() - massDeletionWindowMs
  const here = [...board.deletions].filter(([path, { atMs }]) => atMs >= sinceMs && !facts.has(path)).length
  const before = board.deletedBefore.filter(({ atMs }) => atMs >= sinceMs)
  const recentlyDeleted = before.reduce((sum, { count }) => sum + count, here)
  const { massDeletionFiles: files, massDeletionShare: share } = parts.config.guard
  const createdOids = new Set([...facts.values()].flatMap(({ blob }) => (blob === null ? [] : [blob.oid])))
  const trackedFiles = await parts.engine.trackedFiles(head.oid)
  const emptied = await isEmptied(parts.engine, head.oid)
  return new Set(massDeletions({ deleted, createdOids, trackedFiles, recentlyDeleted, emptied }, { files, share }))
}

function done(sorted: Sorted, outcome: CommitOutcome = { kind: 'empty', leftOut: [] }): FlushDone {
  const paths = sorted.verdicts.map(({ path }) => path)
  const { held, settled, unsettled } = sorted
  const nothing = { committed: null, held, settled, unsettled, failure: null, headMoved: false }
  return {
    result: { ...nothing, ...changeOf(outcome, paths, sorted) },
    deferred: sorted.deferred,
    blocked: sorted.blocked,
  }
}

function changeOf(outcome: CommitOutcome, paths: readonly PathBytes[], sorted: Sorted): Partial<BatchResult> {
  /** What was neither committed nor left out is as at HEAD. */
  const rest = (leftOut: readonly HeldPath[], committed: readonly PathBytes[]): Partial<BatchResult> => {
    const named = new Set([...committed, ...leftOut.map(({ path }) => path)])
    return {
      held: [...sorted.held, ...leftOut],
      settled: [...sorted.settled, ...paths.filter((path) => !named.has(path))],
    }
  }
  switch (outcome.kind) {
    case 'committed':
      return { committed: { oid: outcome.oid, paths: outcome.paths }, ...rest(outcome.leftOut, outcome.paths) }
    case 'empty':
      return rest(outcome.leftOut, [])
    case 'head-moved':
      return { headMoved: true }
    case 'hook-refused': {
      const reason = `the ${outcome.hook} hook refused it: ${outcome.detail}; mend it and save the file again`
      return { held: [...sorted.held, ...paths.map((path) => ({ path, reason }))] }
    }
    case 'failed':
      return { failure: outcome.failure }
  }
}
