/** What becomes of a path on which two sides disagree and that git could not merge. */
import type { OpenPath } from '../git/git.ts'
import type { FileMode, Oid, PathBytes, PlanEntry, TreeEntry } from '../types.ts'
import { isAppendOnly, unionOfAppends } from './union.ts'

export type Settlement =
  | { readonly kind: 'settled'; readonly entry: TreeEntry | null }
  /** The file is put together here. */
  | { readonly kind: 'written'; readonly mode: FileMode; readonly bytes: Uint8Array }
  /** Nobody but a person can say. The remote's side goes into the tree, ours is kept on a ref. */
  | { readonly kind: 'conflict'; readonly entry: TreeEntry; readonly kept: TreeEntry }

/** Contents of the blobs that a settlement asks for; null: too large, or not there. */
export type ReadBlob = (oid: Oid) => Promise<Buffer | null>

/**
 * Both machines that settle the same two sides must come to the same end, whichever of them pushes first, so nothing
 * here looks at a clock, a name of a machine or the order of anything but "ours" and "theirs" where nothing is lost.
 */
export async function settle({ path, base, ours, theirs }: OpenPath, read: ReadBlob): Promise<Settlement> {
  if (base !== null && isSame(ours, base)) return { kind: 'settled', entry: theirs }
  if (base !== null && isSame(theirs, base)) return { kind: 'settled', entry: ours }
  // An edit outlives a deletion: nothing else keeps what somebody wrote without asking anybody.
  if (theirs === null || ours === null) return { kind: 'settled', entry: theirs ?? ours }
  if (ours.oid === theirs.oid) return { kind: 'settled', entry: modeOf(base, ours, theirs) }
  if (isFile(ours) && isFile(theirs) && isAppendOnly(path)) {
    const [before, mine, other] = await Promise.all([
      base === null || !isFile(base) ? Promise.resolve(Buffer.alloc(0)) : read(base.oid),
      read(ours.oid),
      read(theirs.oid),
    ])
    const bytes = before === null || mine === null || other === null ? null : unionOfAppends(before, mine, other)
    if (bytes !== null) return { kind: 'written', mode: modeOf(base, ours, theirs).mode, bytes }
  }
  return { kind: 'conflict', entry: theirs, kept: ours }
}

function isSame(one: TreeEntry | null, other: TreeEntry): boolean {
  return one?.oid === other.oid && one.mode === other.mode
}

export function isFile({ mode }: TreeEntry): boolean {
  return mode === '100644' || mode === '100755'
}

/** Whoever changed the mode is followed; where both sides made a new file of the same bytes, theirs counts. */
export function modeOf(base: TreeEntry | null, ours: TreeEntry, theirs: TreeEntry): TreeEntry {
  return base !== null && theirs.mode === base.mode ? ours : theirs
}

export function entryFor(path: PathBytes, entry: TreeEntry | null): PlanEntry {
  return entry === null ? { path, mode: null, oid: null } : { path, mode: entry.mode, oid: entry.oid }
}
