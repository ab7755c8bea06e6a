import type { HeldPath, Oid, PathBytes, PlanEntry, TreeEntry } from '../types.ts'

/** One path of the commit to undo, and how it stands now. */
export interface UndonePath {
  readonly path: PathBytes
  /** Before the commit and after it; null: nothing there. */
  readonly before: TreeEntry | null
  readonly after: TreeEntry | null
  readonly head: TreeEntry | null
  /** What a commit of the work tree would hold; `directory` or `unreadable` where there is no such thing. */
  readonly disk: TreeEntry | 'directory' | 'unreadable' | null
  readonly staging: 'none' | 'staged' | 'unmerged'
  /** Files below it that the undo does not take away itself. */
  readonly othersBelow: boolean
}

export type UndoDecision =
  | { readonly kind: 'undo'; readonly entries: readonly PlanEntry[] }
  /** Every path is as it was before the commit. */
  | { readonly kind: 'nothing' }
  | { readonly kind: 'refused'; readonly obstacles: readonly HeldPath[] }

/** Which paths go back. What is newer than the commit is never overwritten: then nothing goes back at all. */
export function decideUndo(paths: readonly UndonePath[]): UndoDecision {
  const open = paths.filter(({ head, before }) => !isSame(head, before))
  if (open.length === 0) return { kind: 'nothing' }
  const obstacles = open.flatMap((one) => {
    const reason = obstacleOf(one)
    return reason === null ? [] : [{ path: one.path, reason }]
  })
  if (obstacles.length > 0) return { kind: 'refused', obstacles }
  return { kind: 'undo', entries: open.map(({ path, before }) => entryOf(path, before)).toSorted(byBytes) }
}

function obstacleOf({ before, after, head, disk, staging, othersBelow }: UndonePath): string | null {
  if (before?.mode === '160000' || after?.mode === '160000') return 'is a submodule'
  if (staging === 'unmerged') return 'has a merge conflict in the index'
  if (staging === 'staged') return 'is staged'
  if (!isSame(head, after)) return 'was committed again since'
  if (disk === 'unreadable') return 'cannot be read'
  if (othersBelow) return 'is a directory now, with other files in it'
  if (disk === 'directory') return after === null ? null : 'is a directory now'
  return isSame(disk, after) ? null : 'has changes that are not committed'
}

function isSame(one: TreeEntry | null, other: TreeEntry | null): boolean {
  // What is a directory in the commit is nothing as a file.
  const [a, b] = [one?.mode === '040000' ? null : one, other?.mode === '040000' ? null : other]
  return a?.mode === b?.mode && a?.oid === b?.oid
}

function entryOf(path: PathBytes, before: TreeEntry | null): PlanEntry {
  return before === null ? { path, mode: null, oid: null } : { path, mode: before.mode, oid: before.oid }
}

function byBytes(one: PlanEntry, other: PlanEntry): number {
  return one.path < other.path ? -1 : one.path > other.path ? 1 : 0
}

/** For the commit's subject. */
export function undoTemplate(oid: Oid): string {
  return `undo ${oid.slice(0, 10)}: {summary}`
}
