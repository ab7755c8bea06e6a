import { posix } from 'node:path'
import { lookAt } from '../platform/platform.ts'
import { pathOfLatin1, type DiskEntry, type PathBytes, type ScopeFault } from '../types.ts'
import { absolutePath } from './disk.ts'
import { gitInside } from './nested.ts'

/** What was found out about directories during one round of looking. A tree changes: never kept longer. */
export type DirectoryFaults = Map<PathBytes, ScopeFault | null>

/**
 * Why a path is out of scope by where it lies; null when it is not. What git ignores is asked of git, not here.
 * @param isTracked HEAD has a file there: git goes on tracking it, whatever begins to lie beside it
 */
export function scopeFault(
  root: string,
  path: PathBytes,
  entry: DiskEntry | null,
  known: DirectoryFaults,
  isTracked: boolean,
): ScopeFault | null {
  if (path.split('/').some(isGitName)) return 'git-directory'
  const above = directoryFault(root, parentOf(path), known)
  if (above !== null && !(isTracked && above === 'nested-repository')) return above
  if (entry?.kind === 'special') return 'special'
  return entry?.kind === 'directory' ? (directoryFault(root, path, known) ?? 'directory') : null
}

/** What lies behind a link lies elsewhere: for git there is nothing at the path. @throws as the looking does */
export function isBehindLink(root: string, path: PathBytes, known: DirectoryFaults): boolean {
  return directoryFault(root, parentOf(path), known) === 'through-symlink'
}

/** Case-insensitive like git's own check: on some file systems `.GIT` is the same directory. */
function isGitName(segment: string): boolean {
  return segment.toLowerCase() === '.git'
}

function parentOf(path: PathBytes): PathBytes {
  const parent = posix.dirname(path)
  return pathOfLatin1(parent === '.' ? '' : parent)
}

/** A link counts more than a repository above it: what is tracked there may be in scope, but not behind a link. */
function directoryFault(root: string, directory: PathBytes, known: DirectoryFaults): ScopeFault | null {
  if (directory === '') return null
  const answer = known.get(directory)
  if (answer !== undefined) return answer
  const above = directoryFault(root, parentOf(directory), known)
  const fault = above === 'through-symlink' ? above : (ownFault(root, directory, above !== null) ?? above)
  known.set(directory, fault)
  return fault
}

function ownFault(root: string, directory: PathBytes, isNested: boolean): ScopeFault | null {
  if (lookAt(absolutePath(root, directory))?.kind === 'link') return 'through-symlink'
  return !isNested && gitInside(root, directory) === 'repository' ? 'nested-repository' : null
}
