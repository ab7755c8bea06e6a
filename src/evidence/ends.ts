import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { LRUCache } from 'lru-cache'
import type { DiskEntry, Growth, Oid, PathBytes } from '../types.ts'
import { absolutePath } from './disk.ts'

/** Blobs whose ends are remembered, 4 KB each. One that was forgotten costs one look at the whole. */
const endsMax = 1_000
/** Bytes before the end of a version by which a longer one is known to go on where it ended. */
const anchorBytes = 4_096
/** Of what was appended at most so much is read. */
const tailBytesMax = 64 * 1024
/** A smaller file is read whole as quickly. */
const smallBytes = 64 * 1024

/**
 * How versions of large files end, so that an append is known for one without reading the file. Remembered when a blob
 * was read or written anyway.
 */
export interface Ends {
  remember(oid: Oid, bytes: Uint8Array): void
  /** The file was just written to the store as this blob, byte for byte. */
  rememberFile(root: string, path: PathBytes, entry: DiskEntry, oid: Oid): void
  /** How the file goes on where the blob ended; null: it does not, or that is not known. */
  growth(root: string, path: PathBytes, entry: DiskEntry | null, oid: Oid): Growth | null
}

interface End {
  readonly sizeBytes: number
  readonly anchor: Uint8Array
}

export function createEnds(): Ends {
  const ends = new LRUCache<Oid, End>({ max: endsMax })
  return {
    remember(oid, bytes) {
      if (bytes.length < smallBytes) return
      ends.set(oid, { sizeBytes: bytes.length, anchor: new Uint8Array(bytes.subarray(-anchorBytes)) })
    },
    rememberFile(root, path, { kind, sizeBytes }, oid) {
      if (kind !== 'file' || sizeBytes < smallBytes || ends.has(oid)) return
      const anchor = withFile(root, path, (fd) => piece(fd, sizeBytes - anchorBytes, anchorBytes))
      if (anchor !== null) ends.set(oid, { sizeBytes, anchor })
    },
    growth(root, path, entry, oid) {
      const end = ends.get(oid)
      if (end === undefined || entry?.kind !== 'file' || entry.sizeBytes <= end.sizeBytes) return null
      return withFile(root, path, (fd) => {
        const anchor = piece(fd, end.sizeBytes - anchorBytes, anchorBytes)
        if (Buffer.compare(anchor, end.anchor) !== 0) return null
        const addedBytes = fstatSync(fd).size - end.sizeBytes
        return addedBytes <= 0
          ? null
          : { addedBytes, tail: piece(fd, end.sizeBytes, Math.min(addedBytes, tailBytesMax)) }
      })
    },
  }
}

function piece(fd: number, from: number, length: number): Buffer {
  const bytes = Buffer.alloc(length)
  return bytes.subarray(0, readSync(fd, bytes, 0, length, from))
}

/** null: it cannot be read, or is no file any more. A FIFO that took its place is not waited for. */
function withFile<T>(root: string, path: PathBytes, read: (fd: number) => T | null): T | null {
  try {
    const fd = openSync(absolutePath(root, path), constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return fstatSync(fd).isFile() ? read(fd) : null
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}
