import type { OpenPath, Versions } from '../git/git.ts'
import type { PathBytes, TreeEntry } from '../types.ts'
import { isFile, modeOf, type ReadBlob, type Settlement } from './merge.ts'

/** Documents in which programs keep moments and the like beside what people mean. */
export interface Documents {
  /** Whether nothing but such members differs. */
  alike(path: PathBytes, one: Uint8Array, other: Uint8Array): boolean
  /** The three with the same such members, those of one side, whichever is called ours; null: there is no telling. */
  levelled(path: PathBytes, versions: Versions): Versions | null
}

export type MergeTexts = (path: PathBytes, versions: Versions) => Promise<Uint8Array | null>

/**
 * Settles a document on whose volatile members two sides disagree: a side that changed nothing else gives way, and
 * otherwise both are given the same ones before git merges them.
 * @returns null: that is not all on which they disagree
 */
export async function settleDocument(
  { path, base, ours, theirs }: OpenPath,
  documents: Documents,
  read: ReadBlob,
  mergeTexts: MergeTexts,
): Promise<Settlement | null> {
  if (ours === null || theirs === null || !isFile(ours) || !isFile(theirs)) return null
  const [mine, other] = [await read(ours.oid), await read(theirs.oid)]
  if (mine === null || other === null) return null
  const settled = ({ oid }: TreeEntry): Settlement => {
    return { kind: 'settled', entry: { ...modeOf(base, ours, theirs), oid } }
  }
  // Whichever of the two is ours elsewhere.
  if (documents.alike(path, mine, other)) return settled(Buffer.compare(mine, other) < 0 ? theirs : ours)
  const before = base === null || !isFile(base) ? null : await read(base.oid)
  if (before === null) return null
  if (documents.alike(path, before, mine)) return settled(theirs)
  if (documents.alike(path, before, other)) return settled(ours)
  const versions = documents.levelled(path, { base: before, ours: mine, theirs: other })
  const bytes = versions === null ? null : await mergeTexts(path, versions)
  // Lines that fit together need not be a document.
  if (bytes === null || !documents.alike(path, bytes, bytes)) return null
  return { kind: 'written', mode: modeOf(base, ours, theirs).mode, bytes }
}
