/** The commit that has both sides: a merge, or our own commits put on the remote's. */
import type { GitEngine, Merged, OpenPath } from '../git/git.ts'
import type { Failure, Oid, PathBytes, PlanEntry, TreeEntry } from '../types.ts'
import type { Conflict } from './conflicts.ts'
import { besideDirectory, displaced } from './displaced.ts'
import { settleDocument, type Documents } from './documents.ts'
import { entryFor, settle, type Settlement } from './merge.ts'

/** Larger files are not put together here: both sides are kept. */
const unionBytesMax = 64 * 1024 * 1024
/** Commits of ours that are put on the remote's one by one; with more of them the two are merged. */
const replayedMax = 200

export interface Sides {
  readonly head: Oid
  readonly tip: Oid
  readonly documents: Documents
}

export interface Made {
  readonly commit: Oid
  readonly conflicts: readonly Conflict[]
  /** Commits of it that `tip` lacks. */
  readonly ahead: number
  /** What the branch had, where commits of it were made anew and not all of what they did is in it; null: it is. */
  readonly replaced: Oid | null
}

export type NotMade = { readonly kind: 'unrelated' } | { readonly kind: 'failed'; readonly failure: Failure }

export async function mergeSides(engine: GitEngine, sides: Sides, message: string): Promise<Made | NotMade> {
  const { head, tip, documents } = sides
  const settled = await settleAll(engine, await mergedSides(engine, head, tip), documents)
  if (!('tree' in settled)) return settled
  const made = await engine.merging.commit({ tree: settled.tree, parents: [head, tip], message, author: null })
  if (!('oid' in made)) return { kind: 'failed', failure: made }
  const ours = await engine.merging.commitsBetween(tip, made.oid, aheadMax)
  return { commit: made.oid, conflicts: settled.conflicts, ahead: ours.length, replaced: null }
}

/**
 * Two machines that began with an empty remote at the same time have no commit in common; nobody but they made any. A
 * history that people made is put beside another one only by people.
 */
async function mergedSides(engine: GitEngine, head: Oid, tip: Oid): Promise<Merged> {
  const merged = await engine.merging.merge(head, tip)
  if (merged.kind !== 'unrelated' || (await engine.commitsOfOthers(head, tip)) > 0) return merged
  return engine.merging.merge(head, tip, 'apart')
}

/** Commits counted; with more of them the number is only told as at least so many. */
const aheadMax = 100_000

/**
 * Puts our commits on the remote's, one by one, each with its author, date and message.
 * @returns null: somebody else made one of them, one is a merge, or they are too many: then the two are merged
 */
export async function replaySides(engine: GitEngine, sides: Sides): Promise<Made | NotMade | null> {
  const { merging, history } = engine
  const { head, tip, documents } = sides
  const commits = await merging.commitsBetween(tip, head, replayedMax + 1)
  if (commits.length > replayedMax) return null
  let onto = tip
  const found: Conflict[] = []
  const summaries = []
  for (const oid of commits) {
    const summary = await history.commit(oid)
    if (summary?.id == null || summary.parents.length !== 1) return null
    summaries.push(summary)
  }
  for (const { oid, parents } of summaries) {
    const merged = await merging.replay(oid, parents[0] ?? '', onto)
    const settled = await settleAll(engine, merged, documents)
    if (!('tree' in settled)) return settled
    found.push(...settled.conflicts)
    // What it did is on the remote already.
    if (settled.tree === (await merging.treeOf(onto))) continue
    const { message, author } = await merging.messageOf(oid)
    const made = await merging.commit({ tree: settled.tree, parents: [onto], message, author })
    if (!('oid' in made)) return { kind: 'failed', failure: made }
    onto = made.oid
  }
  const ahead = (await merging.commitsBetween(tip, onto, aheadMax)).length
  const conflicts = await asAtHead(engine, head, onto, found)
  return { commit: onto, conflicts, ahead, replaced: found.length === 0 ? null : head }
}

/**
 * Several commits of ours may have changed a path, each with a version of its own: kept is, once, what the branch had
 * in the end. Where that is gone or came in nevertheless, the older ones are history.
 */
async function asAtHead(
  engine: GitEngine,
  head: Oid,
  made: Oid,
  found: readonly Conflict[],
): Promise<readonly Conflict[]> {
  const last = new Map(found.map((conflict) => [conflict.path, conflict]))
  const paths = [...last.keys()]
  const [ours, now] = [await engine.entriesAt(head, paths), await engine.entriesAt(made, paths)]
  return [...last.values()].flatMap((conflict) => {
    const mine = ours.get(conflict.path)
    if (mine === undefined || mine.mode === '040000') return [conflict]
    return mine.oid === now.get(conflict.path)?.oid ? [] : [{ ...conflict, kept: mine }]
  })
}

interface Settled {
  readonly tree: Oid
  readonly conflicts: readonly Conflict[]
}

/** Settles what git left open, path by path, and puts the results into the tree. */
async function settleAll(engine: GitEngine, merged: Merged, documents: Documents): Promise<Settled | NotMade> {
  if (merged.kind !== 'merged') return merged
  if (merged.open.length === 0) return { tree: merged.tree, conflicts: [] }
  const entries = new Map<PathBytes, PlanEntry>()
  const conflicts: Conflict[] = []
  const read = async (oid: Oid): Promise<Buffer | null> => {
    const bytes = await engine.readBlob(oid, unionBytesMax)
    return bytes === null ? null : Buffer.from(bytes)
  }
  const { mergeTexts } = engine.merging
  for (const open of merged.open) {
    const moved = displaced(open.path, merged.sides.ours, merged.sides.theirs)
    if (moved !== null) {
      settleDisplaced(open, moved, entries, conflicts)
      continue
    }
    const byKind = await settle(open, read)
    const apart = byKind.kind === 'conflict' ? await settleDocument(open, documents, read, mergeTexts) : null
    const settlement = apart ?? byKind
    entries.set(open.path, entryFor(open.path, await entryOf(engine, settlement)))
    if (settlement.kind === 'conflict')
      conflicts.push({ path: open.path, kept: settlement.kept, taken: settlement.entry })
  }
  const built = await engine.merging.tree(merged.tree, [...entries.values()])
  return built.kind === 'failed' ? built : { tree: built.tree, conflicts }
}

async function entryOf(engine: GitEngine, settlement: Settlement): Promise<TreeEntry | null> {
  if (settlement.kind !== 'written') return settlement.entry
  return { mode: settlement.mode, oid: await engine.merging.writeBlob(settlement.bytes) }
}

/** A file on one side, a directory on the other. The remote's side counts; their file lies beside our directory. */
function settleDisplaced(
  open: OpenPath,
  { path, side }: { readonly path: PathBytes; readonly side: 'ours' | 'theirs' },
  entries: Map<PathBytes, PlanEntry>,
  conflicts: Conflict[],
): void {
  entries.set(open.path, entryFor(open.path, null))
  const file = side === 'ours' ? open.ours : open.theirs
  if (file === null) return
  if (side === 'ours') {
    conflicts.push({ path, kept: file, taken: null })
    return
  }
  const beside = besideDirectory(path, file.oid)
  entries.set(beside, entryFor(beside, file))
}
