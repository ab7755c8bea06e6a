import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync } from 'node:fs'
import { lookAt } from '../platform/platform.ts'
import type { DiskEntry, Oid, PathBytes } from '../types.ts'

/** For system calls: the exact bytes of the name. */
export function absolutePath(root: string, path: PathBytes): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`, 'utf8'), Buffer.from(path, 'latin1')])
}

/**
 * What lies at a path of the workspace; null when nothing does.
 * @throws the system's error when the looking itself fails: what cannot be seen must never pass for deleted.
 */
export function readEntry(root: string, path: PathBytes): DiskEntry | null {
  return lookAt(absolutePath(root, path))
}

/** A file's bytes or a link's text; null when it is larger than `bytesMax`, gone, or cannot be read. */
export function readBytes(root: string, path: PathBytes, entry: DiskEntry, bytesMax: number): Uint8Array | null {
  if (entry.sizeBytes > bytesMax) return null
  const absolute = absolutePath(root, path)
  try {
    if (entry.kind === 'link') return readlinkSync(absolute, 'buffer')
    // A file may have become a link or a FIFO since the look: neither is followed, and opening a FIFO must not wait.
    const fd = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      const stat = fstatSync(fd)
      return stat.isFile() && stat.size <= bytesMax ? readFileSync(fd) : null
    } finally {
      closeSync(fd)
    }
  } catch {
    return null
  }
}

/** The id that git would give the bytes as they lie there, without its filters; null as for `readBytes`. */
export function rawBlobId(
  root: string,
  path: PathBytes,
  entry: DiskEntry,
  bytesMax: number,
  algorithm: 'sha1' | 'sha256',
): Oid | null {
  const bytes = readBytes(root, path, entry, bytesMax)
  if (bytes === null) return null
  return createHash(algorithm).update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}
