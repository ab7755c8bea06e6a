import { pathText, type Oid, type PathBytes, type Verdict } from '../types.ts'
import type { Board, Parts } from './board.ts'

/** A larger file is not read for its name's sake. */
const bytesMax = 1024 * 1024

/**
 * Files that appeared where they are not synced, with the bytes of one that was deleted. To commit the deletion alone
 * would take them from the remote, although nobody deleted anything.
 * @param gone blob ids of what was deleted lately
 */
export function rememberLostNames(
  { evidence }: Parts,
  board: Board,
  blocked: readonly Verdict[],
  gone: ReadonlySet<Oid>,
): void {
  if (gone.size === 0) return
  for (const { path, reason, evidence: known } of blocked) {
    const { base, entry, scope } = known
    // What git ignores somebody has told it to ignore.
    if (scope === 'ignored' || base !== null || entry?.kind !== 'file' || entry.sizeBytes === 0) continue
    const oid = evidence.rawBlobId(path, entry, bytesMax)
    if (oid !== null && gone.has(oid)) board.lostNames.set(oid, { path, reason })
  }
}

/** For people; null: the blob that is deleted lies nowhere else, or is synced there. */
export function lostNameOf({ evidence }: Parts, board: Board, oid: Oid): string | null {
  const lost = board.lostNames.get(oid)
  if (lost === undefined || !lies(evidence, lost.path)) return null
  return `${pathText(lost.path)}, which is not synced (${lost.reason})`
}

function lies(evidence: Parts['evidence'], path: PathBytes): boolean {
  try {
    return evidence.entry(path, null, new Map()) !== null
  } catch {
    return true
  }
}
