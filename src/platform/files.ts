import {
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { dirname } from 'node:path'
import { errnoOf } from '../errors.ts'
import type { DiskEntry } from '../types.ts'

/** A look at `path` must expect every one of these: a tree changes under the looker's feet. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

/**
 * What lies at an absolute path, itself and not what a link points to.
 * @returns null when nothing is there. @throws the system's error for anything else (EACCES, EIO).
 */
export function lookAt(path: Buffer | string): DiskEntry | null {
  try {
    return entryOf(lstatSync(path, { bigint: true }))
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return null
    throw error
  }
}

function entryOf(stat: BigIntStats): DiskEntry {
  const kind = stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : stat.isDirectory() ? 'directory' : 'special'
  return {
    kind,
    executable: (stat.mode & 0o100n) !== 0n,
    sizeBytes: Number(stat.size),
    changedAtMs: Number(stat.ctimeNs / 1_000_000n),
    // ext4 hands a re-created file the same inode number, hence the birth time.
    fingerprint: `${stat.ino}.${stat.birthtimeNs}.${stat.size}.${stat.mtimeNs}.${stat.ctimeNs}.${stat.mode}`,
  }
}

/** The text of a small file; null when it does not exist. @throws the system's error for anything else. */
function readWhole(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return null
    throw error
  }
}

/**
 * Replaces a file whole: a reader sees the old text or the new one, never a part, also after a power cut when
 * `durable` (fsync of the file before the rename and of the directory after it, about 2 ms).
 * @throws the system's error; the old file is then still there.
 */
function writeWhole(path: string, text: string, durable: boolean): void {
  const temporary = `${path}.${process.pid}.tmp`
  try {
    const fd = openSync(temporary, constants.O_WRONLY | constants.O_CREAT | constants.O_TRUNC, 0o600)
    try {
      writeFileSync(fd, text)
      if (durable) fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
    renameSync(temporary, path)
    if (durable) syncDirectory(dirname(path))
  } catch (error) {
    try {
      unlinkSync(temporary)
    } catch {
      // It may never have been made; the first error is the one to tell.
    }
    throw error
  }
}

function syncDirectory(directory: string): void {
  const fd = openSync(directory, constants.O_RDONLY)
  try {
    fsyncSync(fd)
  } finally {
    closeSync(fd)
  }
}

export const wholeFile = { read: readWhole, write: writeWhole } as const
