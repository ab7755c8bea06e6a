import type { BlobFacts, DirectoryFaults } from '../evidence/evidence.ts'
import type { Head } from '../git/git.ts'
import type { PendingChange } from '../schedule/schedule.ts'
import { pathText, type Batch, type GuardEvidence, type HeldPath, type PathBytes, type Verdict } from '../types.ts'
import { isAcknowledged } from './acknowledged.ts'
import { dealtMark, rememberDealt, see, type Board, type Parts } from './board.ts'
import { decided } from './decided.ts'
import { forgetIfSame, isDiverged } from './diverged.ts'
import { judge, type Gather } from './judge.ts'
import { groupOf } from './look.ts'
import { lostNameOf } from './lost-names.ts'
import { isExposed } from './exposed.ts'

/** Questions to the helpers of git that are under way at once; more only queue up in pipes. */
const judgedAtOnce = 64
/** What the blobs that are read at once have together, but for a single one: each is in memory up to three times. */
const judgedBytes = 64 * 1024 * 1024
/** A larger file counts as changed without a look into it. */
const analysedBytesMax = 16 * 1024 * 1024

export interface BlockedPath {
  readonly path: PathBytes
  readonly onlyVolatile: boolean
}

/** A batch sorted by what is to become of each path. */
export interface Sorted {
  readonly verdicts: readonly Verdict[]
  readonly held: readonly HeldPath[]
  readonly settled: readonly PathBytes[]
  /** Of those, the ones that are not meant to be synced: of some, only what is volatile differs from HEAD. */
  readonly blocked: readonly BlockedPath[]
  readonly unsettled: readonly PathBytes[]
  /** Turned slow while they waited. */
  readonly deferred: readonly PendingChange[]
  /** Paths of `verdicts` that the breaker counts: no rule allows them and no person is known to have written them. */
  readonly counted: readonly PathBytes[]
}

type Fate =
  | { readonly kind: 'commit'; readonly verdict: Verdict }
  | { readonly kind: 'held'; readonly held: HeldPath }
  | { readonly kind: 'settled'; readonly verdict: Verdict }
  /** It lies there as it was committed or brought; a late event told of it again. */
  | { readonly kind: 'stored'; readonly path: PathBytes }
  | { readonly kind: 'unsettled'; readonly path: PathBytes }
  | { readonly kind: 'deferred'; readonly change: PendingChange }

export async function judgeBlobs(
  parts: Parts,
  board: Board,
  batch: Batch,
  head: Head,
  facts: ReadonlyMap<PathBytes, BlobFacts>,
  massDeleted: ReadonlySet<PathBytes>,
): Promise<Sorted> {
  const directories: DirectoryFaults = new Map()
  const all = withOtherHalves([...facts])
  const fates: Fate[] = []
  for (const slice of slicesOf(all)) {
    const settle = ([path, fact]: (typeof all)[number]): Promise<Fate> =>
      fateOf(parts, board, batch, head.ref, path, fact, massDeleted.has(path), directories)
    fates.push(...(await Promise.all(slice.map(settle))))
  }
  return sort(fates)
}

function* slicesOf(all: readonly (readonly [PathBytes, BlobFacts])[]): Generator<typeof all> {
  let [start, bytes] = [0, 0]
  for (const [index, [, { blob, entry }]] of all.entries()) {
    // Where a blob stands for its file, that is read too.
    const sizeBytes = Math.max(blob?.sizeBytes ?? 0, entry?.sizeBytes ?? 0)
    if (index - start >= judgedAtOnce || (index > start && bytes + sizeBytes > judgedBytes)) {
      yield all.slice(start, index)
      ;[start, bytes] = [index, 0]
    }
    bytes += sizeBytes
  }
  if (start < all.length) yield all.slice(start)
}

/** Both halves of a rename leave together: while the new name is not whole, the old one waits for it. */
function withOtherHalves(
  all: readonly (readonly [PathBytes, BlobFacts])[],
): readonly (readonly [PathBytes, BlobFacts])[] {
  const arriving = new Set(all.flatMap(([, { whole, blob, base }]) => (whole || base !== null ? [] : [blob?.oid])))
  if (arriving.size === 0) return all
  return all.map(([path, fact]) => {
    const isOldName = fact.entry === null && fact.base !== null && arriving.has(fact.base.oid)
    return [path, isOldName ? { ...fact, whole: false } : fact]
  })
}

function sort(fates: readonly Fate[]): Sorted {
  return {
    verdicts: fates.flatMap((fate) => (fate.kind === 'commit' ? [fate.verdict] : [])),
    held: fates.flatMap((fate) => (fate.kind === 'held' ? [fate.held] : [])),
    settled: fates.flatMap((fate) => {
      if (fate.kind === 'stored') return [fate.path]
      return fate.kind === 'settled' ? [fate.verdict.path] : []
    }),
    blocked: fates.flatMap((fate) => (fate.kind === 'settled' ? blockedBy(fate.verdict) : [])),
    unsettled: fates.flatMap((fate) => (fate.kind === 'unsettled' ? [fate.path] : [])),
    deferred: fates.flatMap((fate) => (fate.kind === 'deferred' ? [fate.change] : [])),
    counted: fates.flatMap((fate) => (fate.kind === 'commit' && isCounted(fate.verdict) ? [fate.verdict.path] : [])),
  }
}

async function fateOf(
  parts: Parts,
  board: Board,
  batch: Batch,
  ref: string | null,
  path: PathBytes,
  fact: BlobFacts,
  massDeletion: boolean,
  directories: DirectoryFaults,
): Promise<Fate> {
  if (fact.refused !== null) return { kind: 'held', held: { path, reason: fact.refused } }
  if (fact.unreadable !== null) {
    const reason = `cannot be read (${fact.unreadable}); make it readable: chmod u+r -- ${pathText(path)}`
    return { kind: 'held', held: { path, reason } }
  }
  if (!fact.whole) {
    see(parts, board, path, fact.entry?.fingerprint ?? 'gone')
    return { kind: 'unsettled', path }
  }
  // A directory in the file's place: the file is gone, and the directory's own files are paths of their own.
  const entry = fact.entry?.kind === 'directory' ? null : fact.entry
  const isStored = fact.staging === 'none' && board.stored.get(path) === dealtMark(entry, fact.base)
  if (isStored) return { kind: 'stored', path }
  const isGone = entry === null && fact.base !== null
  const renamedTo = isGone ? lostNameOf(parts, board, fact.base.oid) : null
  const gather = gatherForBatch(parts, ref, path, fact, { massDeletion, renamedTo }, directories)
  const verdict = await judge(parts.classifier, path, entry, 'full', gather)
  // It has changed since it was stored.
  if (verdict.evidence.guard?.whole === false) return { kind: 'unsettled', path }
  parts.report(decided(verdict))
  if (verdict.decision === 'sync') return fateOfSync(parts, batch, fact, verdict)
  // What lies in the bytes stays so until they change; staging, and why a deletion is held, can end without a change.
  if (fact.staging === 'none' && !massDeletion && renamedTo === null) rememberDealt(board, verdict)
  if (verdict.decision === 'block') {
    forgetIfSame(parts, board, ref, verdict)
    return { kind: 'settled', verdict }
  }
  return { kind: 'held', held: { path, reason: verdict.reason } }
}

function blockedBy({ path, content }: Verdict): readonly BlockedPath[] {
  return content?.outcome === 'same' ? [] : [{ path, onlyVolatile: content?.outcome === 'volatile' }]
}

function fateOfSync(parts: Parts, batch: Batch, fact: BlobFacts, verdict: Verdict): Fate {
  const { path } = verdict
  const { lane } = verdict.evidence
  if (lane?.kind === 'slow' && batch.trigger === 'automatic' && lane.commitAtMs > parts.clock.nowMs()) {
    const change: PendingChange = {
      path,
      class: 'slow',
      group: groupOf(verdict.evidence.writer),
      changedAtMs: parts.clock.nowMs(),
      slow: { pattern: lane.pattern, commitAtMs: lane.commitAtMs },
      session: null,
      rename: null,
      sizeBytes: fact.entry?.sizeBytes ?? 0,
    }
    return { kind: 'deferred', change }
  }
  // The trail was told. What is kept of each path of a large batch has to be little.
  return { kind: 'commit', verdict: { ...verdict, trail: [] } }
}

/** The breaker is asked about a path only when no rule allows it and no person is known to have written it. */
function isCounted({ evidence }: Verdict): boolean {
  return evidence.lane !== undefined
}

function gatherForBatch(
  parts: Parts,
  ref: string | null,
  path: PathBytes,
  fact: BlobFacts,
  deletion: Pick<GuardEvidence, 'massDeletion' | 'renamedTo'>,
  directories: DirectoryFaults,
): Gather {
  const { base, blob } = fact
  const { maxFileSizeBytes } = parts.config.guard
  const before = base === null ? [] : [base.oid]
  const nowMs = parts.clock.nowMs()
  return async (need, evidence) => {
    switch (need) {
      case 'scope':
        return { ...evidence, base, scope: await parts.evidence.scope(path, evidence.entry, base, directories) }
      case 'base':
        return { ...evidence, base }
      case 'writer':
        return { ...evidence, writer: parts.witness.ask({ path, entry: evidence.entry, fromMs: nowMs, toMs: nowMs }) }
      case 'bytes':
        return { ...evidence, bytes: blob === null ? null : await parts.evidence.blobBytes(blob.oid, analysedBytesMax) }
      case 'baseBytes':
        return {
          ...evidence,
          baseBytes: base === null ? null : await parts.evidence.blobBytes(base.oid, analysedBytesMax),
        }
      case 'growth':
        return { ...evidence, growth: base === null ? null : parts.evidence.growth(path, evidence.entry, base.oid) }
      case 'lane':
        return { ...evidence, lane: parts.breaker.lane(path, nowMs, parts.random.next) }
      case 'guard': {
        const { entry } = evidence
        const inside =
          blob === null || entry === null
            ? await parts.evidence.inside(path, blob?.oid ?? null, before, maxFileSizeBytes)
            : await parts.evidence.insideOfFile(blob, { path, entry }, before, maxFileSizeBytes)
        const guard = {
          blob,
          ...(inside ?? (await parts.evidence.inside(path, null, [], 0))),
          whole: fact.whole && inside !== null,
          staging: fact.staging,
          ...deletion,
          diverged: isDiverged(parts.state.value, ref, path, base),
          exposed: base === null && isExposed(parts.state.value, path),
          acknowledged: isAcknowledged(parts.state.value.acknowledged, path, blob?.oid ?? null, base?.oid ?? null),
        }
        return { ...evidence, guard }
      }
    }
  }
}
