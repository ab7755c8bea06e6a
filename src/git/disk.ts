import {
  appendFileSync,
  closeSync,
  copyFileSync,
  constants,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  renameSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { rm } from 'node:fs/promises'
import { errnoOf } from '../errors.ts'

export interface FileIdentity {
  /** Device and inode: two names with the same value are one file. */
  readonly file: string
  /** Changes with every write. */
  readonly fingerprint: string
  readonly sizeBytes: number
  readonly modifiedAtMs: number
  readonly kind: 'file' | 'link' | 'other'
  readonly executable: boolean
}

/** The file system as the git room uses it: an argument, so that a test can make any call fail. */
export interface Disk {
  /** null: nothing there. */
  read(path: string | Buffer): Buffer | null
  readLink(path: string | Buffer): Buffer | null
  identify(path: string | Buffer): FileIdentity | null
  write(path: string, bytes: Buffer | string): void
  /** On disk as a whole when it returns; half of it stays when the disk is full. @throws EEXIST */
  create(path: string, bytes: Buffer | string, mode: number): void
  /** At the end, in one piece. */
  append(path: string, bytes: Buffer | string): void
  /** As if it had been written then, or just now, so that git's own clean-up leaves it. Nothing there is fine. */
  touch(path: string, atMs?: number): void
  /** With the date of `from`. False: there is nothing at `from`. */
  copy(from: string, to: string): boolean
  /** A second name for a file. False: `to` exists. */
  link(from: string, to: string): boolean
  rename(from: string, to: string): void
  /** Nothing there is fine. */
  remove(path: string): void
  /** A directory of ours and all below it; nothing there is fine. */
  removeTree(path: string): Promise<void>
  /** With all above it; 0700 unless told. */
  makeDirectory(path: string, mode?: number): void
  /** Nothing there is empty. */
  list(path: string): readonly string[]
  /** A file's bytes, or what was renamed into a directory so far, are there after a power cut, too. */
  sync(path: string): void
}

const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG'])

export const systemDisk: Disk = {
  read: (path) => unlessErrno(absent, null, () => readFileSync(path)),
  readLink: (path) => unlessErrno(new Set([...absent, 'EINVAL']), null, () => readlinkSync(path, 'buffer')),
  identify: (path) =>
    unlessErrno(absent, null, () => {
      const stat = lstatSync(path, { bigint: true })
      return {
        file: `${stat.dev}.${stat.ino}`,
        fingerprint: `${stat.dev}.${stat.ino}.${stat.size}.${stat.mtimeNs}.${stat.ctimeNs}`,
        sizeBytes: Number(stat.size),
        modifiedAtMs: Number(stat.mtimeMs),
        executable: (stat.mode & 0o111n) !== 0n,
        kind: stat.isFile() ? 'file' : stat.isSymbolicLink() ? 'link' : 'other',
      }
    }),
  write: (path, bytes) => writeFileSync(path, bytes, { mode: 0o600 }),
  create: (path, bytes, mode) => {
    const file = openSync(path, 'wx', mode)
    try {
      writeFileSync(file, bytes)
      fsyncSync(file)
    } finally {
      closeSync(file)
    }
  },
  append: (path, bytes) => appendFileSync(path, bytes),
  touch: (path, atMs = Date.now()) =>
    unlessErrno(absent, undefined, () => {
      const at = new Date(Math.floor(atMs))
      utimesSync(path, at, at)
    }),
  copy: (from, to) =>
    unlessErrno(absent, false, () => {
      const { mtimeMs } = lstatSync(from)
      copyFileSync(from, to, constants.COPYFILE_FICLONE)
      // git believes what an index says of a file only when the file is older than the index.
      systemDisk.touch(to, mtimeMs)
      return true
    }),
  link: (from, to) =>
    unlessErrno(new Set(['EEXIST']), false, () => {
      linkSync(from, to)
      return true
    }),
  rename: (from, to) => renameSync(from, to),
  remove: (path) => unlessErrno(absent, undefined, () => unlinkSync(path)),
  makeDirectory: (path, mode = 0o700) => void mkdirSync(path, { recursive: true, mode }),
  list: (path) => unlessErrno(absent, [], () => readdirSync(path)),
  sync: (path) => {
    const fd = openSync(path, constants.O_RDONLY)
    try {
      fsyncSync(fd)
    } finally {
      closeSync(fd)
    }
  },
  removeTree: (path) => rm(path, { recursive: true, force: true }),
}

function unlessErrno<T, U>(expected: ReadonlySet<string>, otherwise: U, act: () => T): T | U {
  try {
    return act()
  } catch (error) {
    if (expected.has(errnoOf(error) ?? '')) return otherwise
    throw error
  }
}
