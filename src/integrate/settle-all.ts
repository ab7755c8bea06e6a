/** What becomes of all that git left open in a merge: path by path, and then of each in its place. */
import { foldersAbove } from '../folders.ts'
import type { GitEngine, Merged, OpenPath } from '../git/git.ts'
import type { Failure, Oid, PathBytes, TreeEntry } from '../types.ts'
import type { Conflict } from './conflicts.ts'
import { settleDocument, type Documents } from './documents.ts'
import { entryFor, settle, type ReadBlob } from './merge.ts'

/** Larger files are not put together here: both sides are kept. */
const unionBytesMax = 64 * 1024 * 1024

export interface Settled {
  readonly tree: Oid
  readonly conflicts: readonly Conflict[]
}

export type NotMade = { readonly kind: 'unrelated' } | { readonly kind: 'failed'; readonly failure: Failure }

/** What the tree is to have at a path, and what of ours is kept, since nobody but a person can say; null: nothing. */
interface Part {
  readonly path: PathBytes
  readonly entry: TreeEntry | null
  readonly kept: TreeEntry | null
  /** Nobody else has it: where something else lies in its place, it is kept. */
  readonly isOurs: boolean
}

export async function settleAll(engine: GitEngine, merged: Merged, documents: Documents): Promise<Settled | NotMade> {
  if (merged.kind !== 'merged') return merged
  if (merged.open.length === 0) return { tree: merged.tree, conflicts: [] }
  const parts: Part[] = []
  for (const open of merged.open) parts.push(await settledPart(engine, open, documents))
  return placed(engine, merged.tree, parts)
}

async function settledPart(engine: GitEngine, open: OpenPath, documents: Documents): Promise<Part> {
  const read: ReadBlob = async (oid) => {
    const bytes = await engine.readBlob(oid, unionBytesMax)
    return bytes === null ? null : Buffer.from(bytes)
  }
  const { merging } = engine
  const byKind = await settle(open, read)
  const apart = byKind.kind === 'conflict' ? await settleDocument(open, documents, read, merging.mergeTexts) : null
  const settlement = apart ?? byKind
  const entry =
    settlement.kind === 'written'
      ? { mode: settlement.mode, oid: await merging.writeBlob(settlement.bytes) }
      : settlement.entry
  const kept = settlement.kind === 'conflict' ? settlement.kept : null
  return { path: open.path, entry, kept, isOurs: entry !== null && entry === open.ours && open.theirs === null }
}

/** Puts the parts into the tree. Where something lies in the way of one, theirs lies beside it, and ours is kept. */
async function placed(engine: GitEngine, tree: Oid, parts: readonly Part[]): Promise<Settled | NotMade> {
  const { merging } = engine
  const entriesOf = (some: readonly Part[]) =>
    some.flatMap(({ path, entry, kept }) => (entry === null && kept !== null ? [] : [entryFor(path, entry)]))
  const files = parts.filter(({ entry }) => entry !== null)
  const suspects = new Set(files.filter(inTheWayOf(await merging.entriesIn(tree, placesOf(files)), files)))
  const built = await merging.tree(tree, entriesOf(parts.filter((part) => !suspects.has(part))))
  if (built.kind === 'failed') return built
  if (suspects.size === 0) return { tree: built.tree, conflicts: conflictsOf(parts) }
  const around = await merging.entriesIn(built.tree, placesOf([...suspects]))
  const isInTheWay = inTheWayOf(around, [...suspects])
  const put = [...suspects].flatMap((part) => (isInTheWay(part) ? asideOf(part, around) : [part]))
  const rest = await merging.tree(built.tree, entriesOf(put))
  if (rest.kind === 'failed') return rest
  return { tree: rest.tree, conflicts: conflictsOf([...parts.filter((part) => !suspects.has(part)), ...put]) }
}

function conflictsOf(parts: readonly Part[]): readonly Conflict[] {
  return parts.flatMap(({ path, entry, kept }) => (kept === null ? [] : [{ path, kept, taken: entry }]))
}

function placesOf(parts: readonly Part[]): readonly PathBytes[] {
  return [...new Set(parts.flatMap(({ path }) => [path, ...foldersAbove(path)]))]
}

/** A directory lies in its place, or a file in that of a directory it is in. */
function inTheWayOf(around: ReadonlyMap<PathBytes, TreeEntry>, others: readonly Part[]): (part: Part) => boolean {
  const folders = new Set(others.flatMap(({ path }) => foldersAbove(path)))
  return ({ path }) => around.get(path)?.mode === '040000' || folders.has(path) || fileAbove(path, around) !== null
}

function fileAbove(path: PathBytes, around: ReadonlyMap<PathBytes, TreeEntry>): PathBytes | null {
  return foldersAbove(path).find((folder) => (around.get(folder)?.mode ?? '040000') !== '040000') ?? null
}

function asideOf({ path, entry, kept, isOurs }: Part, around: ReadonlyMap<PathBytes, TreeEntry>): readonly Part[] {
  if (entry === null) return []
  if (isOurs) return [{ path, entry: null, kept: entry, isOurs }]
  const beside = besideDirectory(fileAbove(path, around) ?? path, entry.oid)
  const put: Part = { path: beside, entry, kept: null, isOurs }
  return kept === null ? [put] : [put, { path, entry: null, kept, isOurs: true }]
}

/** Beside what lies in its place, by a name that is the same on every machine. */
function besideDirectory(path: PathBytes, oid: Oid): PathBytes {
  return `${path}~${oid.slice(0, 10)}` as PathBytes
}
