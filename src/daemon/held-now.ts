import { massDeletions } from '../classify/classify.ts'
import type { Config } from '../config/config.ts'
import { isEmptied, readEntry, type EvidenceRoom } from '../evidence/evidence.ts'
import type { GitEngine } from '../git/git.ts'
import type { SentSecret } from './outgoing.ts'
import type { State } from './state-schema.ts'
import { pathText, type DiskEntry, type Oid, type PathBytes, type Verdict } from '../types.ts'

/** A larger new file is nobody's other half of a rename. */
const renamedBytesMax = 16 * 1024 * 1024

/** What `ack` can say about a path that is, or would be, held. */
export type Held =
  | { readonly kind: 'blob' | 'deletion'; readonly path: PathBytes; readonly oid: Oid; readonly reason: string }
  /** No word helps against it: it says itself what does. */
  | { readonly kind: 'stays'; readonly path: PathBytes; readonly reason: string }
  | { readonly kind: 'not-held'; readonly path: PathBytes }

/**
 * A directory stands for the held deletions below it.
 * @param told paths, as text, that a running daemon says it holds: it also remembers deletions of some minutes ago
 */
export type HeldNow = (path: PathBytes, told: ReadonlySet<string>) => Promise<readonly Held[]>

/** Stands for a file that git does not know and that is not there. */
export const newAndEmpty: DiskEntry = {
  kind: 'file',
  executable: false,
  sizeBytes: 0,
  changedAtMs: 0,
  fingerprint: 'new',
}

export function createHeldNow(
  engine: GitEngine,
  evidence: EvidenceRoom,
  config: Config,
  head: Oid | null,
  known: { readonly incoming: State['incoming']; sentSecrets(): Promise<readonly SentSecret[]> },
  judge: (path: PathBytes) => Promise<{ readonly verdict: Verdict }>,
): HeldNow {
  let changes: Promise<Changes> | null = null
  let sent: Promise<readonly SentSecret[]> | null = null
  return async (path, told) => {
    const coming = (known.incoming?.paths ?? []).filter((one) => isAtOrBelow(one.path, path))
    if (coming.length > 0)
      return coming.map((one) => ({ kind: one.what, path: one.path, oid: one.oid, reason: comesWith }))
    changes ??= changesNow(engine, evidence, config, head)
    const { deleted, many } = await changes
    const held = [...deleted].filter(([one]) => isAtOrBelow(one, path) && (many.has(one) || told.has(pathText(one))))
    if (held.length > 0) return held.map(([one, oid]) => ({ kind: 'deletion', path: one, oid, reason: deletionReason }))
    sent ??= known.sentSecrets()
    const committed = (await sent).filter((one) => one.path === path).map(heldAsSent)
    const lies = await heldAs(engine, (await judge(path)).verdict)
    const isNews = lies.kind !== 'not-held' && !committed.some(({ oid }) => lies.kind === 'blob' && lies.oid === oid)
    return isNews || committed.length === 0 ? [...committed, lies] : committed
  }
}

const comesWith = 'comes with what was pushed, and changes what git runs here'
const deletionReason = 'is one of very many deletions at once, or of all files there were'

/** The root is a directory of no name. */
function isAtOrBelow(path: PathBytes, directory: PathBytes): boolean {
  return directory === '' || path === directory || path.startsWith(`${directory}/`)
}

/** Of a commit that is not pushed for it. */
function heldAsSent({ path, oid, commit, text }: SentSecret) {
  const reason = `looks like a secret: ${text}, in commit ${commit.slice(0, 10)}`
  return { kind: 'blob', path, oid, reason } as const
}

/** What is acknowledged is the blob as git would store it. */
async function heldAs(engine: GitEngine, verdict: Verdict): Promise<Held> {
  const { path, decision, layer, reason } = verdict
  const { entry, guard } = verdict.evidence
  if (decision !== 'hold' || entry === null || entry === newAndEmpty) return { kind: 'not-held', path }
  if (layer !== 'guard' || guard?.staging !== 'none') return { kind: 'stays', path, reason }
  const kind = entry.kind === 'link' ? 'link' : 'file'
  const written = (await engine.writeBlobs([{ path, kind }])).get(path)
  if (typeof written === 'string') return { kind: 'blob', path, oid: written, reason }
  return { kind: 'stays', path, reason: written?.refused ?? 'cannot be read; make it readable' }
}

interface Changes {
  /** With what HEAD has there. */
  readonly deleted: ReadonlyMap<PathBytes, Oid>
  /** Those a daemon would hold if all that is deleted now came in one batch. */
  readonly many: ReadonlySet<PathBytes>
}

async function changesNow(
  engine: GitEngine,
  evidence: EvidenceRoom,
  config: Config,
  head: Oid | null,
): Promise<Changes> {
  const changed = await engine.changedPaths()
  const bases = await engine.entriesAt(head, changed)
  const deleted = new Map<PathBytes, Oid>()
  const createdOids = new Set<Oid>()
  for (const path of changed) {
    const entry = readEntry(engine.repository.root, path)
    const base = bases.get(path)
    if (entry === null && base !== undefined && base.mode !== '040000') deleted.set(path, base.oid)
    if (entry === null || base !== undefined) continue
    const oid = evidence.rawBlobId(path, entry, renamedBytesMax)
    if (oid !== null) createdOids.add(oid)
  }
  if (deleted.size === 0) return { deleted, many: new Set() }
  const { massDeletionFiles: files, massDeletionShare: share } = config.guard
  const trackedFiles = await engine.trackedFiles(head)
  const all = [...deleted].map(([path, oid]) => ({ path, oid }))
  const emptied = await isEmptied(engine, head)
  const many = massDeletions({ deleted: all, createdOids, trackedFiles, recentlyDeleted: 0, emptied }, { files, share })
  return { deleted, many: new Set(many) }
}
