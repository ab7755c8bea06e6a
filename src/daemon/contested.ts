/** Paths that the remote changed and that are not as HEAD has them here: nothing of either side may be lost. */
import type { CommitChange, Head } from '../git/git.ts'
import type { BlobFacts } from '../evidence/evidence.ts'
import { besideKept, obstacles } from '../integrate/integrate.ts'
import { processes } from '../platform/platform.ts'
import type { Batch, Failure, HeldPath, PathBytes } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { diskSide, isSameEntry, liesAs } from './disk-side.ts'
import { flush, flushNothing } from './flush.ts'
import { groupOf } from './look.ts'
import { storeLimits } from './store-limits.ts'

/** After so long what is still being written, or may leave only slowly, no longer keeps the rest waiting. */
const patienceMs = 30_000

export interface Diverged extends HeldPath {
  /** It would not be synced anyway: nobody needs to be told. */
  readonly isQuiet: boolean
}

export type Contested =
  | { readonly kind: 'failed'; readonly failure: Failure }
  /** HEAD moved on with what was changed here: the two have to be merged now. */
  | { readonly kind: 'committed'; readonly commits: number }
  /** Something is being written just now, or the budget has no room for a commit. */
  | { readonly kind: 'waits' }
  | {
      readonly kind: 'settled'
      /** Left as they are here; the branch has the remote's side. */
      readonly diverged: readonly Diverged[]
      /** As the remote has them already. */
      readonly there: readonly PathBytes[]
    }

/** @param seen what lies at each changed path; null: nothing, or a directory */
export async function contestedPaths(
  parts: Parts,
  board: Board,
  head: Head,
  changes: readonly CommitChange[],
  seen: ReadonlyMap<PathBytes, string | null>,
  mayCommit: boolean,
): Promise<Contested> {
  const dirty = new Set(await parts.engine.changedPaths())
  // Git says nothing of what it ignores, or was told to look away from.
  const hidden = await parts.engine.hidden(changes.map(({ path }) => path))
  const suspects = changes.filter(
    ({ path, before, after }) =>
      dirty.has(path) || hidden.has(path) || (before === null && after !== null && seen.get(path) !== null),
  )
  const facts = await parts.evidence.collectBlobs(
    head.oid,
    suspects.map(({ path }) => path),
    (path) => board.sightings.get(path),
    storeLimits(parts),
  )
  const { blocked, blockers } = obstacles(parts.engine.repository.root, changes)
  const leftOut = new Set(changes.flatMap(({ path }) => (hidden.get(path) === 'left-out' ? [path] : [])))
  const sorted = sortSuspects(suspects, facts, blocked, leftOut)
  const busy = openPaths(parts, changes, seen, sorted)
  const left = await committedFirst(parts, board, head, [...sorted.open, ...blockers], mayCommit)
  if (left.kind !== 'left') return left
  const waiting = [...left.waiting, ...busy]
  if (waiting.length > 0 && isPatient(parts, board)) return { kind: 'waits' }
  const stuck = waiting.map((path): Diverged => ({ path, reason: stillWritten, isQuiet: false }))
  const named = new Set(changes.map(({ path }) => path))
  const diverged = [...sorted.diverged, ...left.diverged, ...stuck].filter(({ path }) => named.has(path))
  const beside = besideKept(new Set(diverged.map(({ path }) => path)), changes)
  const alsoLeft = beside.map((path): Diverged => ({ path, reason: inTheWay, isQuiet: false }))
  return { kind: 'settled', diverged: [...diverged, ...alsoLeft], there: sorted.there }
}

function isPatient({ clock }: Parts, board: Board): boolean {
  const nowMs = clock.monotonicMs()
  board.waitsSinceMs ??= nowMs
  return nowMs - board.waitsSinceMs < patienceMs
}

const stillWritten = 'changed here and on the remote, and is still being written here'
const stagedToo = 'is staged here and changed on the remote'
const inTheWay = 'something else lies where the remote has this file'

interface SortedSuspects {
  readonly open: readonly PathBytes[]
  readonly diverged: readonly Diverged[]
  readonly there: readonly PathBytes[]
}

function sortSuspects(
  suspects: readonly CommitChange[],
  facts: ReadonlyMap<PathBytes, BlobFacts>,
  blocked: ReadonlySet<PathBytes>,
  leftOut: ReadonlySet<PathBytes>,
): SortedSuspects {
  const open: PathBytes[] = []
  const diverged: Diverged[] = [...blocked].map((path) => ({ path, reason: inTheWay, isQuiet: false }))
  const there: PathBytes[] = []
  for (const { path, before, after } of suspects) {
    if (blocked.has(path)) continue
    const fact = facts.get(path)
    const disk = diskSide(fact)
    // A sparse checkout wants no file there.
    if (disk === null && leftOut.has(path)) there.push(path)
    else if (liesAs(fact, after)) there.push(path)
    else if (fact?.staging !== 'none') diverged.push({ path, reason: stagedToo, isQuiet: false })
    else if (disk === 'other') diverged.push({ path, reason: inTheWay, isQuiet: false })
    else if (!isSameEntry(disk, before)) open.push(path)
  }
  return { open, diverged, there }
}

/** Who has a file open for writing goes on writing into the old one, where nobody would ever find it. */
function openPaths(
  { engine }: Parts,
  changes: readonly CommitChange[],
  seen: ReadonlyMap<PathBytes, string | null>,
  { open, diverged, there }: SortedSuspects,
): readonly PathBytes[] {
  const known = new Set([...open, ...there, ...diverged.map(({ path }) => path)])
  const root = Buffer.from(`${engine.repository.root}/`).toString('latin1')
  const byName = new Map(
    changes.flatMap(({ path }) => (seen.get(path) == null || known.has(path) ? [] : [[root + path, path] as const])),
  )
  return [...processes.openForWriting(new Set(byName.keys()))].flatMap((name) => byName.get(name) ?? [])
}

type LeftOver =
  | Extract<Contested, { kind: 'failed' | 'committed' | 'waits' }>
  | { readonly kind: 'left'; readonly diverged: readonly Diverged[]; readonly waiting: readonly PathBytes[] }

/** What may be committed is, by itself and before anything is merged: then both sides have a history. */
async function committedFirst(
  parts: Parts,
  board: Board,
  head: Head,
  paths: readonly PathBytes[],
  mayCommit: boolean,
): Promise<LeftOver> {
  if (paths.length === 0) return { kind: 'left', diverged: [], waiting: [] }
  const diverged: Diverged[] = []
  const waiting: PathBytes[] = []
  for (const batch of batchesOf(parts, paths)) {
    const done = await (mayCommit ? flush : flushNothing)(parts, board, batch, head)
    // The budget frees by itself; to leave such a path out now would cost a person's word.
    if (done === null) return { kind: 'waits' }
    const { result, deferred, blocked } = done
    if (result.failure !== null) return { kind: 'failed', failure: result.failure }
    // One at a time: the next is asked about on the HEAD that this one made.
    if (result.committed !== null) return { kind: 'committed', commits: 1 }
    if (result.headMoved) return { kind: 'committed', commits: 0 }
    for (const { path, reason } of result.held) diverged.push({ path, reason, isQuiet: false })
    for (const { path, onlyVolatile } of blocked)
      if (!onlyVolatile) diverged.push({ path, reason: notSynced, isQuiet: true })
    waiting.push(...result.unsettled, ...deferred.map(({ path }) => path))
  }
  return { kind: 'left', diverged, waiting }
}

const notSynced = 'is not synced here, and changed on the remote'

/** Each group of writers keeps its commits to itself. */
function batchesOf({ witness, clock }: Parts, paths: readonly PathBytes[]): readonly Batch[] {
  const nowMs = clock.nowMs()
  const groups = new Map<string, PathBytes[]>()
  for (const path of paths) {
    const group = groupOf(witness.ask({ path, entry: null, fromMs: nowMs, toMs: nowMs }))
    groups.set(group, [...(groups.get(group) ?? []), path])
  }
  return [...groups].map(([group, members]) => ({ id: -1, paths: members, group, trigger: 'automatic' }))
}
