import { existsSync, readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import { pathOfLatin1, type PathBytes } from '../types.ts'
import { absolutePath } from './disk.ts'

/** A file that leads to a repository holds a path; a larger one is none. */
const leadBytesMax = 16_384

/** What a directory has by the name `.git`. stray: something that git would not take for a repository. */
export function gitInside(root: string, directory: PathBytes): 'nothing' | 'repository' | 'stray' {
  const at = absolutePath(root, pathOfLatin1(`${directory}/.git`))
  try {
    if (lookAt(at) === null) return 'nothing'
  } catch (error) {
    // A directory that may not be entered hides whether it is a repository; its files are held as unreadable anyway.
    if (errnoOf(error) === 'EACCES') return 'nothing'
    throw error
  }
  const lead = leadIn(at) ?? '.git'
  const target = posix.isAbsolute(lead) ? lead : posix.join(absolutePath(root, directory).toString('latin1'), lead)
  return isRepository(Buffer.from(target, 'latin1')) ? 'repository' : 'stray'
}

/** Where a `.git` that is a file says that the repository lies, one byte per unit; null: it is no such file. */
function leadIn(file: Buffer): string | null {
  try {
    const stat = statSync(file)
    if (!stat.isFile() || stat.size > leadBytesMax) return null
    return /^gitdir: (.+?)[\r\n]*$/s.exec(readFileSync(file, 'latin1'))?.[1] ?? null
  } catch {
    return null
  }
}

/** By the three things that git looks for; a linked work tree has two of them elsewhere. */
function isRepository(directory: Buffer): boolean {
  const has = (name: string): boolean => existsSync(Buffer.concat([directory, Buffer.from(`/${name}`)]))
  return has('HEAD') && (has('commondir') || (has('objects') && has('refs')))
}
