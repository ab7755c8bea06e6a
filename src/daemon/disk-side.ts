import type { BlobFacts } from '../evidence/evidence.ts'
import type { TreeEntry } from '../types.ts'

/** What a commit of the path would hold; other: no such thing, or it cannot be read. */
export function diskSide(fact: BlobFacts | undefined): TreeEntry | 'other' | null {
  if (fact === undefined) return 'other'
  if (fact.blob !== null) return { mode: fact.blob.mode, oid: fact.blob.oid }
  return fact.entry === null && fact.unreadable === null ? null : 'other'
}

/** Whether the path is as a commit has it that holds this there. Where a directory lies no file is left. */
export function liesAs(fact: BlobFacts | undefined, entry: TreeEntry | null): boolean {
  if (entry === null && fact?.entry?.kind === 'directory') return true
  const disk = diskSide(fact)
  return disk !== 'other' && isSameEntry(disk, entry)
}

/** What is a directory in a commit is nothing as a file. */
export function isSameEntry(one: TreeEntry | null, other: TreeEntry | null): boolean {
  const [a, b] = [one?.mode === '040000' ? null : one, other?.mode === '040000' ? null : other]
  return a?.mode === b?.mode && a?.oid === b?.oid
}
