import type { Oid, PathBytes } from '../types.ts'
import type { createAdding } from './adding.ts'
import { createBlobStore } from './blob-store.ts'
import type { BlobRequest, BlobStore, Written } from './blob-store.ts'
import type { WrittenBlob } from './engine.ts'
import { repositoryError } from './failures.ts'
import { openShipment } from './shipment.ts'
import { durable, hasty } from './workbench.ts'
import type { Workbench } from './workbench.ts'

export interface BlobWriter {
  write(requests: readonly BlobRequest[]): Promise<ReadonlyMap<PathBytes, WrittenBlob>>
  /** What is being written is finished by a helper that reads attributes and configuration anew. */
  restart(): void
  close(): void
}

/** Between two looks at how much there is. */
const writtenInARow = 1_000
/** In one pack, at most: what lies there twice meanwhile, and is lost to a kill, has a bound. */
const packedFilesMax = 50_000
const packedBytesMax = 256 * 1024 * 1024
/** A sync is nothing beside the writing of a larger file, which goes where it is to stay at once. */
const packedFileBytesMax = 1024 * 1024

/**
 * A few blobs are synced one by one; many go into the repository as a pack.
 * @param adding puts right what `git add` would have made of a path
 */
export function createBlobWriter(bench: Workbench, adding: ReturnType<typeof createAdding>): BlobWriter {
  const isScratch = bench.scratch !== null
  const own = createBlobStore(bench, { git: bench.git, sync: isScratch ? hasty : durable, beyond: null })
  let shipped: BlobStore | null = null

  /** @returns how many of the requests, from the first on, are done: as many as go into one pack. */
  const ship = async (requests: readonly BlobRequest[], written: Written): Promise<number> => {
    const shipment = await openShipment(bench)
    const beyond = { sizeBytes: packedFileBytesMax, store: own }
    const store = createBlobStore(bench, { git: shipment.git, sync: hasty, beyond })
    shipped = store
    let count = 0
    try {
      while (count < requests.length && count < packedFilesMax && store.sizeBytes() < packedBytesMax) {
        const some = requests.slice(count, count + writtenInARow)
        await store.write(some, written)
        count += some.length
      }
      // Its helper has answered all, and ends by itself.
      store.restart()
      const failure = await shipment.publish(namesOf(requests.slice(0, count), written))
      if (failure !== null) throw repositoryError(failure)
      return count
    } finally {
      shipped = null
      store.close()
      await shipment.discard()
    }
  }

  return {
    write: async (requests) => {
      const written: Written = new Map()
      if (requests.length < bench.shipmentMin || isScratch) await own.write(requests, written)
      else for (let count = 0; count < requests.length;) count += await ship(requests.slice(count), written)
      // The next ones are written by a new helper: it reads attributes and configuration once, wherever they lie, and
      // believes for ever in the packs that it saw, which a collection by hand may have taken away.
      own.restart()
      await adding(requests, written)
      return written
    },
    restart: () => [own, shipped].forEach((store) => store?.restart()),
    close: () => own.close(),
  }
}

/** By which similar blobs are found. */
function namesOf(requests: readonly BlobRequest[], written: Written): ReadonlyMap<Oid, string> {
  const names = new Map<Oid, string>()
  for (const { path } of requests) {
    const oid = written.get(path)
    if (typeof oid === 'string') names.set(oid, path)
  }
  return names
}
