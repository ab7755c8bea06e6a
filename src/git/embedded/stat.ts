import { lstatSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { errnoOf } from '../../errors.ts'
import type { PathBytes } from '../../types.ts'
import type { IndexStat } from './index-file.ts'

/** A path of the work tree as the system wants it: names are bytes. */
export function onDisk(root: string, path: PathBytes): Buffer {
  return path === '' ? Buffer.from(root) : Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}

/** What may not be looked at is not there for us: git passes over such a directory, too. */
const absent = new Set(['ENOENT', 'ENOTDIR', 'ELOOP', 'ENAMETOOLONG', 'EACCES'])

/** What lies there itself, never what a link at its end leads to; null: nothing that can be seen. */
export function statAt(root: string, path: PathBytes): BigIntStats | null {
  try {
    return lstatSync(onDisk(root, path), { bigint: true })
  } catch (error) {
    if (absent.has(errnoOf(error) ?? '')) return null
    throw error
  }
}

const bits = (value: bigint): number => Number(BigInt.asUintN(32, value))
const nanosPerSecond = 1_000_000_000n

/** What git would note about a file. */
export function indexStatOf(stat: BigIntStats): IndexStat {
  return {
    changedSeconds: bits(stat.ctimeNs / nanosPerSecond),
    changedNanos: bits(stat.ctimeNs % nanosPerSecond),
    modifiedSeconds: bits(stat.mtimeNs / nanosPerSecond),
    modifiedNanos: bits(stat.mtimeNs % nanosPerSecond),
    device: bits(stat.dev),
    inode: bits(stat.ino),
    uid: bits(stat.uid),
    gid: bits(stat.gid),
    sizeBytes: bits(stat.size),
  }
}

/** Git does not compare the device either (core.checkStat): it changes from mount to mount. */
export function isSameStat(one: IndexStat, other: IndexStat): boolean {
  return (
    one.modifiedSeconds === other.modifiedSeconds &&
    one.modifiedNanos === other.modifiedNanos &&
    one.changedSeconds === other.changedSeconds &&
    one.changedNanos === other.changedNanos &&
    one.inode === other.inode &&
    one.uid === other.uid &&
    one.gid === other.gid &&
    one.sizeBytes === other.sizeBytes
  )
}
