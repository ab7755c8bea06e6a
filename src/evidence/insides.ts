import { join } from 'node:path'
import { LRUCache } from 'lru-cache'
import type { GitEngine } from '../git/git.ts'
import { lookAt } from '../platform/platform.ts'
import type { DiskEntry, GuardEvidence, Inside, Oid, PathBytes } from '../types.ts'
import { absolutePath, readBegin } from './disk.ts'
import { hasMarkers, lookInside } from './inside.ts'
import { secretsInName } from './names.ts'
import { lfsDigest, standInBytesMax, standsFor } from './stand-ins.ts'

/** Findings are a few words each; the look they save costs milliseconds. */
const scannedBlobsMax = 5_000
/** What a blob stands for may be as large as it likes: of more than this, the begin is looked through. */
const begunBytesMax = 64 * 1024 * 1024
/** The same of what git-lfs keeps: of commits many are looked through at once. */
const keptBytesMax = 4 * 1024 * 1024

export type StoredBlob = NonNullable<GuardEvidence['blob']>

/** The file that a blob was made of, as it lay there then. */
export interface BlobSource {
  readonly path: PathBytes
  readonly entry: DiskEntry
}

export interface Insides {
  /**
   * What is in a blob, where it stands for a file that git-lfs keeps here in that, and in the name that it is to have.
   * Nothing is known of what is larger than `bytesMax`.
   * @param oid null: a deletion, which reveals nothing
   * @param before versions whose conflict markers are part of the text, such as a page about merging
   */
  inside(path: PathBytes, oid: Oid | null, before: readonly Oid[], bytesMax: number): Promise<Inside>
  /** The same; what the blob stands for is read where it lies. null: something else lies there by now. */
  insideOfFile(blob: StoredBlob, source: BlobSource, before: readonly Oid[], bytesMax: number): Promise<Inside | null>
  /**
   * The same of bytes that are in no blob; null: they cannot be had.
   * @param path null: a deletion
   */
  insideOf(path: PathBytes | null, bytes: Uint8Array | null, before: readonly Oid[], bytesMax: number): Promise<Inside>
}

export function createInsides(engine: GitEngine): Insides {
  const { root, commonDir } = engine.repository
  const scanned = new LRUCache<Oid, Inside>({ max: scannedBlobsMax })
  const keptByLfs = (digest: string): Uint8Array | null => {
    const place = [digest.slice(0, 2), digest.slice(2, 4), digest]
    return readBegin(join(commonDir, 'lfs', 'objects', ...place), keptBytesMax)
  }
  const insideBlob = async (oid: Oid, bytesMax: number): Promise<Inside> => {
    const known = scanned.get(oid)
    if (known !== undefined) return known
    const bytes = await engine.readBlob(oid, bytesMax)
    const digest = bytes === null ? null : lfsDigest(bytes)
    const kept = digest === null ? null : keptByLfs(digest)
    const inside = await lookInside(kept ?? bytes)
    // Nobody looked into what could not be had: with a larger `bytesMax`, or when it is here, somebody will.
    if (bytes !== null && (digest === null || kept !== null)) scanned.set(oid, inside)
    return inside
  }
  const besides = async (inside: Inside, before: readonly Oid[], bytesMax: number): Promise<Inside> => {
    if (inside.conflictLine === null) return inside
    for (const oid of before) {
      const bytes = await engine.readBlob(oid, bytesMax)
      if (bytes !== null && hasMarkers(bytes)) return { ...inside, conflictLine: null }
    }
    return inside
  }
  return {
    async inside(path, oid, before, bytesMax) {
      if (oid === null) return lookInside(null)
      return named(path, await besides(await insideBlob(oid, bytesMax), before, bytesMax))
    },
    async insideOfFile(blob, { path, entry }, before, bytesMax) {
      const isSmall = entry.kind === 'file' && blob.sizeBytes <= standInBytesMax
      const small = isSmall ? await engine.readBlob(blob.oid, standInBytesMax) : null
      const isLfs = small !== null && lfsDigest(small) !== null
      // What is as large as the file is the file, or has what is in it.
      if (small === null || (!isLfs && blob.sizeBytes === entry.sizeBytes)) {
        return named(path, await besides(await insideBlob(blob.oid, bytesMax), before, bytesMax))
      }
      const bytes = readBegin(absolutePath(root, path), begunBytesMax)
      if (bytes === null || lookAt(absolutePath(root, path))?.fingerprint !== entry.fingerprint) return null
      const found = standsFor(small, bytes) ? await lookInside(bytes) : await insideBlob(blob.oid, bytesMax)
      return named(path, await besides(found, before, bytesMax))
    },
    async insideOf(path, bytes, before, bytesMax) {
      const inside = await besides(await lookInside(bytes), before, bytesMax)
      return path === null ? inside : named(path, inside)
    },
  }
}

function named(path: PathBytes, inside: Inside): Inside {
  const found = secretsInName(path)
  return found.length === 0 ? inside : { ...inside, secrets: [...found, ...inside.secrets] }
}
