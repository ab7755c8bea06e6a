import { readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { errnoOf } from '../../errors.ts'
import type { PathBytes } from '../../types.ts'
import { onDisk } from './stat.ts'

/** A file that leads to a repository holds a path; a larger one is none. */
const leadBytesMax = 16_384

/** Whether a directory of the work tree is a repository of its own: a `.git` alone does not make one, says git. */
export function isRepository(root: string, directory: PathBytes): boolean {
  const at = onDisk(root, `${directory}/.git` as PathBytes)
  const found = look(at)
  if (found?.isFile() !== true) return found?.isDirectory() === true && isGitDirectory(at)
  const lead = found.size > leadBytesMax ? null : /^gitdir: (.+?)[\r\n]*$/s.exec(readFileSync(at, 'latin1'))
  if (lead?.[1] === undefined) return false
  const from = onDisk(root, directory).toString('latin1')
  return isGitDirectory(Buffer.from(posix.resolve(from, lead[1]), 'latin1'))
}

/** By what git looks for; a linked work tree has most of it elsewhere. */
function isGitDirectory(directory: Buffer): boolean {
  const has = (name: string): boolean => look(Buffer.concat([directory, Buffer.from(`/${name}`)])) !== null
  return has('HEAD') && (has('commondir') || (has('objects') && has('refs')))
}

function look(at: Buffer): ReturnType<typeof statSync> | null {
  try {
    return statSync(at, { throwIfNoEntry: false }) ?? null
  } catch (error) {
    // What may not be looked at is closed to git, too.
    if (['EACCES', 'ENOTDIR', 'ELOOP'].includes(errnoOf(error) ?? '')) return null
    throw error
  }
}
