import { closeSync, lstatSync, openSync, readlinkSync, readSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import type { PathBytes } from '../types.ts'
import { absolute } from './at-path.ts'

/** Read at once of each of two files. */
const chunkBytes = 256 * 1024

/**
 * Whether what lies at a path has the very bytes that lie ready for it in `staged`, and is of the same kind.
 * @param fileMode whether the file system keeps the executable bit
 */
export function liesAsStaged(staged: string, root: string, path: PathBytes, fileMode: boolean): boolean {
  const [ready, there] = [absolute(staged, path), absolute(root, path)]
  try {
    const [one, other] = [lstatSync(ready), lstatSync(there)]
    if (one.isSymbolicLink() && other.isSymbolicLink())
      return readlinkSync(ready, 'buffer').equals(readlinkSync(there, 'buffer'))
    if (!one.isFile() || !other.isFile() || one.size !== other.size) return false
    if (fileMode && ((one.mode ^ other.mode) & 0o100) !== 0) return false
    return hasSameBytes(ready, there)
  } catch (error) {
    // One of them is not there, or is not to be read.
    if (errnoOf(error) === null) throw error
    return false
  }
}

function hasSameBytes(one: Buffer, other: Buffer): boolean {
  const files = [one, other].map((path) => openSync(path, 'r'))
  const [a, b] = [Buffer.alloc(chunkBytes), Buffer.alloc(chunkBytes)]
  try {
    for (;;) {
      const [had, has] = [readSync(files[0] as number, a), readSync(files[1] as number, b)]
      if (had !== has || !a.subarray(0, had).equals(b.subarray(0, has))) return false
      if (had === 0) return true
    }
  } finally {
    for (const file of files) closeSync(file)
  }
}
