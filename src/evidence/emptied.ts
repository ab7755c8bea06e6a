import { readdirSync } from 'node:fs'
import type { GitEngine } from '../git/git.ts'
import { lookAt } from '../platform/platform.ts'
import { pathOfLatin1, type Oid } from '../types.ts'
import { absolutePath } from './disk.ts'

/** A folder with more names than this is not empty, whatever they are. */
const namesMax = 5_000

/**
 * Nothing of what a commit has at its top lies in the work tree: the folder was emptied, replaced by another, or its
 * disk is not mounted. Looks at the top only, so that it costs next to nothing where anything is left.
 */
export async function isEmptied(engine: GitEngine, head: Oid | null): Promise<boolean> {
  const { root } = engine.repository
  const names = namesIn(Buffer.from(root)).filter((name) => name !== '.git')
  if (names.length > namesMax) return false
  if (names.length === 0) return true
  const known = await engine.entriesAt(head, names.map(pathOfLatin1))
  return [...known].every(([path, { mode }]) => mode === '040000' && isBare(absolutePath(root, path)))
}

/** Of a directory that became a link, what lies where it points is no file of ours. */
function isBare(directory: Buffer): boolean {
  return lookAt(directory)?.kind !== 'directory' || namesIn(directory).length === 0
}

/** None when it is no directory, or not there. */
function namesIn(directory: Buffer): readonly string[] {
  try {
    return readdirSync(directory, 'latin1')
  } catch {
    return []
  }
}
