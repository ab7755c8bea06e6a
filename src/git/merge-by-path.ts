import { foldersAbove } from '../folders.ts'
import type { PathBytes, PlanEntry, TreeEntry } from '../types.ts'
import type { CommitChange, OpenPath } from './merge-engine.ts'

/** What two sides' changes come to, each path by itself: no rename is followed. */
export interface ByPath {
  /** What the tree of ours is to have instead. */
  readonly entries: readonly PlanEntry[]
  /** Files that both sides changed. */
  readonly texts: readonly OpenPath[]
  /** What is not for git to say. */
  readonly open: readonly OpenPath[]
}

/**
 * @param ours what changed between the common commit and ours
 * @param theirs the same of theirs
 */
export function byPath(ours: readonly CommitChange[], theirs: readonly CommitChange[]): ByPath {
  const mine = new Map(ours.map((change) => [change.path, change]))
  const other = new Map(theirs.map((change) => [change.path, change]))
  const files = [...ours, ...theirs].flatMap(({ path, after }) => (after === null ? [] : [path]))
  const folders = new Set(files.flatMap(foldersAbove))
  const entries: PlanEntry[] = []
  const texts: OpenPath[] = []
  const open: OpenPath[] = []
  for (const path of new Set([...mine.keys(), ...other.keys()])) {
    const [one, two] = [mine.get(path), other.get(path)]
    const base = (one ?? two)?.before ?? null
    const sides = {
      path,
      base,
      ours: one === undefined ? base : one.after,
      theirs: two === undefined ? base : two.after,
    }
    if (folders.has(path) && (one?.after ?? two?.after) != null) {
      // A file here, a directory there: the directory stays, and which of the two the file is of is told.
      entries.push({ path, mode: null, oid: null })
      open.push({ ...sides, ours: one?.after ?? null, theirs: two?.after ?? null })
    } else if (one === undefined) entries.push(entryOf(path, sides.theirs))
    else if (two === undefined || isSame(one.after, two.after)) continue
    else if ([base, one.after, two.after].every(isFile)) texts.push(sides)
    else open.push(sides)
  }
  return { entries, texts, open }
}

function entryOf(path: PathBytes, entry: TreeEntry | null): PlanEntry {
  return entry === null ? { path, mode: null, oid: null } : { path, ...entry }
}

function isSame(one: TreeEntry | null, other: TreeEntry | null): boolean {
  return one?.oid === other?.oid && one?.mode === other?.mode
}

function isFile(entry: TreeEntry | null): boolean {
  return entry?.mode === '100644' || entry?.mode === '100755'
}
