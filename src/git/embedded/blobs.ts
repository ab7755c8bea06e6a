import { errnoOf } from '../../errors.ts'
import type { PathBytes } from '../../types.ts'
import type { WrittenBlob } from '../engine.ts'
import { failureOfErrno, repositoryError } from '../failures.ts'
import type { Workbench } from '../workbench.ts'
import { blobBytesMax } from './objects.ts'
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
    const obstacle = obstacleAbove(parts, request.path) ?? oversize(parts, request.path)
    const blob = obstacle === null ? await writeOne(parts, request) : { refused: `needs git: ${obstacle}` }
    written.set(request.path, blob)
  }
  return written
}

function oversize({ bench }: EmbeddedParts, path: PathBytes): string | null {
  const sizeBytes = bench.disk.identify(onDisk(bench.repository.root, path))?.sizeBytes ?? 0
  return sizeBytes > blobBytesMax ? `it is larger than ${blobBytesMax / 1024 ** 2} MB (large-file)` : null
}

async function writeOne({ bench, objects }: EmbeddedParts, { path, kind }: BlobRequest): Promise<WrittenBlob> {
  const bytes = bytesAt(bench, path, kind)
  if (bytes === null) return null
  try {
    return await objects.write('blob', bytes)
  } catch (error) {
    const code = errnoOf(error)
    if (code === null || !(error instanceof Error)) throw error
    // A full disk, or one that takes nothing, is everybody's affair.
    throw repositoryError(failureOfErrno(code, error.message))
  }
}

/** null: nothing that can be read lies there, or something of another kind. */
function bytesAt({ disk, repository }: Workbench, path: PathBytes, kind: 'file' | 'link'): Buffer | null {
  const place = onDisk(repository.root, path)
  try {
    const before = disk.identify(place)
    if (before?.kind !== kind) return null
    const bytes = kind === 'link' ? disk.readLink(place) : disk.read(place)
    // Reading follows links: only what is the same file before and after counts.
    const after = disk.identify(place)
    return after?.file === before.file && after.kind === kind ? bytes : null
  } catch (error) {
    if (['EACCES', 'EISDIR'].includes(errnoOf(error) ?? '')) return null
    throw error
  }
}
