import { readdirSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'

/**
 * Whether something else than a repository lies in a submodule's place: a file, a link, or a directory with something
 * in it. Git shows the first two as changed and says nothing of the last. An empty directory was never checked out.
 */
export function isOvergrown(root: string, path: PathBytes): boolean {
  const absolute = Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
  try {
    const entry = lookAt(absolute)
    if (entry?.kind !== 'directory') return entry !== null
    const names = readdirSync(absolute, 'latin1')
    return names.length > 0 && !names.includes('.git')
  } catch (error) {
    // What may not be seen is told of where it is looked into.
    if (errnoOf(error) === null) throw error
    return false
  }
}
