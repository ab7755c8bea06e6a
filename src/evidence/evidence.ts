/**
 * Facts about a path, gathered only when a layer asks. `gather` serves a look at one path; `collectBlobs` writes the
 * very blobs that a batch would commit and says what the guard has to know about them.
 */
import type { GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { DiskEntry, Growth, Oid, PathBytes, ScopeFault, TreeEntry } from '../types.ts'
import { createBlobCollector, type BlobCollector } from './blobs.ts'
import { rawBlobId, readBytes, readEntry } from './disk.ts'
import { createEnds } from './ends.ts'
import { createInsides, type Insides } from './insides.ts'
import { gitInside } from './nested.ts'
import { isBehindLink, scopeFault, type DirectoryFaults } from './scope.ts'

export { readEntry } from './disk.ts'
export { isEmptied } from './emptied.ts'
export { lookInside } from './inside.ts'
export { sighted, type BlobFacts, type Sighting, type StoreLimits } from './blobs.ts'
export type { DirectoryFaults } from './scope.ts'

export interface EvidenceRoom extends Insides {
  /** @throws the system's error when a directory above cannot be looked at. */
  scope(
    path: PathBytes,
    entry: DiskEntry | null,
    base: TreeEntry | null,
    known: DirectoryFaults,
  ): Promise<ScopeFault | null>
  base(head: Oid | null, path: PathBytes): Promise<TreeEntry | null>
  /** What a directory has by the name `.git`; stray: something that git would not take for a repository. */
  gitInside(directory: PathBytes): ReturnType<typeof gitInside>
  /**
   * What lies at a path, which behind a link is nothing.
   * @param seen what somebody saw there just now; null: look
   * @throws as `scope`
   */
  entry(path: PathBytes, seen: DiskEntry | null, known: DirectoryFaults): DiskEntry | null
  /** null: larger than `bytesMax`, gone, or unreadable. */
  bytes(path: PathBytes, entry: DiskEntry | null, bytesMax: number): Uint8Array | null
  /** null: larger than `bytesMax`, or not a blob. */
  blobBytes(oid: Oid, bytesMax: number): Promise<Uint8Array | null>
  /** How the file goes on where the blob ended; null: it does not, or that is not known. Reads 68 KB at most. */
  growth(path: PathBytes, entry: DiskEntry | null, base: Oid): Growth | null
  rawBlobId(path: PathBytes, entry: DiskEntry, bytesMax: number): Oid | null
  readonly collectBlobs: BlobCollector
}

export function createEvidence(engine: GitEngine, clock: Clock): EvidenceRoom {
  const { root, objectFormat } = engine.repository
  const ends = createEnds()
  return {
    async scope(path, entry, base, known) {
      const isTracked = base !== null && base.mode !== '040000' && base.mode !== '160000'
      const fault = scopeFault(root, path, entry, known, isTracked)
      // A link took the place of a directory: the files at HEAD below it are deleted.
      const isDeletion = fault === 'through-symlink' && base !== null && entry === null
      if (fault !== null && !isDeletion) return fault
      if (base !== null) return (await engine.hidden([path])).has(path) ? 'hidden' : null
      return (await engine.ignored([path])).has(path) ? 'ignored' : null
    },
    async base(head, path) {
      return (await engine.entriesAt(head, [path])).get(path) ?? null
    },
    gitInside: (directory) => gitInside(root, directory),
    entry: (path, seen, known) => (isBehindLink(root, path, known) ? null : (seen ?? readEntry(root, path))),
    bytes: (path, entry, bytesMax) => (entry === null ? null : readBytes(root, path, entry, bytesMax)),
    async blobBytes(oid, bytesMax) {
      const bytes = await engine.readBlob(oid, bytesMax)
      if (bytes !== null) ends.remember(oid, bytes)
      return bytes
    },
    growth: (path, entry, base) => ends.growth(root, path, entry, base),
    rawBlobId: (path, entry, bytesMax) => rawBlobId(root, path, entry, bytesMax, objectFormat),
    ...createInsides(engine),
    collectBlobs: createBlobCollector(engine, clock, ends),
  }
}
