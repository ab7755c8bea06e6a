import type { EvidenceRoom } from '../evidence/evidence.ts'
import type { GitEngine } from '../git/git.ts'
import type { DiskEntry, GuardEvidence, Inside, Oid, PathBytes } from '../types.ts'
import { newAndEmpty } from './held-now.ts'

/** What the guard is told about a file that nobody has stored yet. */
export interface AsStored {
  readonly blob: GuardEvidence['blob']
  readonly inside: Inside
}

/** About what git-lfs stores for a file of any size. */
const pointerBytes = 130

/** @param before as `EvidenceRoom.inside` */
export type StoredForm = (path: PathBytes, entry: DiskEntry | null, before: readonly Oid[]) => Promise<AsStored>

/**
 * What lies at a path as a commit would have it. Where a filter stands between the file and its blob, that is run only
 * when something would be held; git-lfs never, since it keeps a copy of what it is given, and what it makes is known.
 */
export function createStoredForm(
  engine: GitEngine,
  evidence: EvidenceRoom,
  limits: { readonly readBytesMax: number; readonly maxFileBytes: number },
): StoredForm {
  const { readBytesMax, maxFileBytes } = limits
  return async (path, entry, before) => {
    const isThere = entry !== null && entry !== newAndEmpty
    const bytes = isThere ? evidence.bytes(path, entry, readBytesMax) : null
    const inside = await evidence.insideOf(entry && path, bytes, before, readBytesMax)
    const raw = { blob: entry === null ? null : blobOf(entry, evidence.rawBlobId(path, entry, readBytesMax)), inside }
    const isSuspect = inside.secrets.length > 0 || inside.conflictLine !== null
    if (entry?.kind !== 'file' || !isThere || raw.blob === null) return raw
    if (!isSuspect && entry.sizeBytes <= maxFileBytes) return raw
    const filter = await engine.filterOf(path)
    if (filter === null) return raw
    if (filter === 'lfs') return { blob: { ...raw.blob, sizeBytes: pointerBytes }, inside }
    const oid = (await engine.writeBlobs([{ path, kind: 'file' }])).get(path)
    if (typeof oid !== 'string') return raw
    const blob = { ...raw.blob, oid, sizeBytes: (await engine.blobSize(oid)) ?? entry.sizeBytes }
    const found = await evidence.insideOfFile(blob, { path, entry }, before, maxFileBytes)
    return found === null ? raw : { blob, inside: found }
  }
}

/** Acknowledged is what is committed, with its filters applied; null: nothing is there, or it cannot be stored. */
export async function storedId(engine: GitEngine, path: PathBytes, entry: DiskEntry | null): Promise<Oid | null> {
  if (entry === null || entry === newAndEmpty) return null
  const kind = entry.kind === 'link' ? 'link' : 'file'
  const written = (await engine.writeBlobs([{ path, kind }])).get(path)
  return typeof written === 'string' ? written : null
}

function blobOf(entry: DiskEntry, oid: string | null) {
  const mode = entry.kind === 'link' ? '120000' : entry.executable ? '100755' : '100644'
  return { oid: oid ?? '', mode, sizeBytes: entry.sizeBytes } as const
}
