import { createHash } from 'node:crypto'
import { closeSync, constants, fstatSync, openSync, readFileSync, readlinkSync, readSync } from 'node:fs'
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
    return ofFile(absolute, (fd, sizeBytes) => (sizeBytes <= bytesMax ? readFileSync(fd) : null))
  } catch {
    return null
  }
}

/** The first `bytesMax` bytes of a file, all of a smaller one; null: gone, no file, or it cannot be read. */
export function readBegin(absolute: Buffer | string, bytesMax: number): Uint8Array | null {
  try {
    return ofFile(absolute, (fd, sizeBytes) => {
      const bytes = Buffer.alloc(Math.min(sizeBytes, bytesMax))
      let at = 0
      for (let got = -1; got !== 0 && at < bytes.length; at += got) got = readSync(fd, bytes, at, bytes.length - at, at)
      return bytes.subarray(0, at)
    })
  } catch {
    return null
  }
}

/** It may have become a link or a FIFO since the look: neither is followed, and opening a FIFO must not wait. */
function ofFile<T>(absolute: Buffer | string, read: (fd: number, sizeBytes: number) => T): T | null {
  const fd = openSync(absolute, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
  try {
    const stat = fstatSync(fd)
    return stat.isFile() ? read(fd, stat.size) : null
  } finally {
    closeSync(fd)
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
