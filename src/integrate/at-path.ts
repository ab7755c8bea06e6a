import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'

export function absolute(root: string, path: PathBytes): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}

export function parentOf(path: Buffer): Buffer {
  return path.subarray(0, path.lastIndexOf(0x2f))
}

/**
 * What lies there, to be compared later. A directory has no fingerprint that would stay (what is below it changes it),
 * and what cannot be looked at none that anything would be equal to.
 */
export function fingerprintOf(root: string, path: PathBytes): string | null {
  try {
    const entry = lookAt(absolute(root, path))
    return entry === null || entry.kind === 'directory' ? null : entry.fingerprint
  } catch (error) {
    const code = errnoOf(error)
    if (code === null) throw error
    return `cannot be looked at: ${code}`
  }
}
