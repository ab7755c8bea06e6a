import { errnoOf } from '../../errors.ts'
import type { PathBytes } from '../../types.ts'
import type { WrittenBlob } from '../engine.ts'
import { failureOfErrno, repositoryError } from '../failures.ts'
import { onDisk } from './stat.ts'
import type { EmbeddedParts } from './verbs.ts'
import { obstacleAbove } from './work-tree.ts'

interface BlobRequest {
  readonly path: PathBytes
  readonly kind: 'file' | 'link'
}

/** Bytes as they lie there: the probe saw to it that no filter would change them. */
export async function writeEmbeddedBlobs(
  parts: EmbeddedParts,
  requests: readonly BlobRequest[],
): Promise<ReadonlyMap<PathBytes, WrittenBlob>> {
  const written = new Map<PathBytes, WrittenBlob>()
  for (const request of requests) {
    const obstacle = obstacleAbove(parts, request.path)
    const blob = obstacle === null ? await writeOne(parts, request) : { refused: `needs git: ${obstacle}` }
    written.set(request.path, blob)
  }
  return written
}

async function writeOne({ bench, objects }: EmbeddedParts, { path, kind }: BlobRequest): Promise<WrittenBlob> {
  const place = onDisk(bench.repository.root, path)
  try {
    const before = bench.disk.identify(place)
    if (before?.kind !== kind) return null
    const bytes = kind === 'link' ? bench.disk.readLink(place) : bench.disk.read(place)
    // Reading follows links: only what is the same file before and after counts.
    const after = bench.disk.identify(place)
    if (bytes === null || after?.file !== before.file || after.kind !== kind) return null
    return await objects.write('blob', bytes)
  } catch (error) {
    const code = errnoOf(error)
    if (code === 'EACCES' || code === 'EISDIR') return null
    if (code === null || !(error instanceof Error)) throw error
    // A full disk is everybody's affair.
    throw repositoryError(failureOfErrno(code, error.message))
  }
}
