import { lstatSync } from 'node:fs'
import { lookAt } from '../platform/platform.ts'
import type { Seen } from './authors.ts'

export interface CloseLook extends Seen {
  /** When the content was last written; a rename keeps it. */
  readonly contentAtMs: number
  /** When the file itself was made; a file system that does not say so says 0. */
  readonly bornAtMs: number
}

/** A plain file as it lies there now (one byte per unit); null: nothing, something else, or being replaced just now. */
export function lookClosely(path: string): CloseLook | null {
  try {
    const bytes = Buffer.from(path, 'latin1')
    const stat = lstatSync(bytes, { bigint: true })
    const entry = lookAt(bytes)
    if (!stat.isFile() || entry?.sizeBytes !== Number(stat.size)) return null
    return {
      fingerprint: entry.fingerprint,
      inode: `${stat.ino}.${stat.birthtimeNs}`,
      sizeBytes: entry.sizeBytes,
      contentAtMs: Number(stat.mtimeNs) / 1e6,
      bornAtMs: Number(stat.birthtimeNs) / 1e6,
    }
  } catch {
    return null
  }
}
