import { posix } from 'node:path'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import { pathOfLatin1, type DiskEntry, type PathBytes, type ScopeFault } from '../types.ts'
import { absolutePath } from './disk.ts'

/** What was found out about directories during one round of looking. A tree changes: never kept longer. */
export type DirectoryFaults = Map<PathBytes, ScopeFault | null>

/** Why a path is out of scope by where it lies; null when it is not. What git ignores is asked of git, not here. */
export function scopeFault(
  root: string,
  path: PathBytes,
  entry: DiskEntry | null,
  known: DirectoryFaults,
): ScopeFault | null {
  if (path.split('/').some(isGitName)) return 'git-directory'
  const above = directoryFault(root, parentOf(path), known)
  if (above !== null) return above
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

function directoryFault(root: string, directory: PathBytes, known: DirectoryFaults): ScopeFault | null {
  if (directory === '') return null
  const answer = known.get(directory)
  if (answer !== undefined) return answer
  const fault = directoryFault(root, parentOf(directory), known) ?? ownFault(root, directory)
  known.set(directory, fault)
  return fault
}

function ownFault(root: string, directory: PathBytes): ScopeFault | null {
  if (lookAt(absolutePath(root, directory))?.kind === 'link') return 'through-symlink'
  return hasGitEntry(root, directory) ? 'nested-repository' : null
}

function hasGitEntry(root: string, directory: PathBytes): boolean {
  try {
    return lookAt(absolutePath(root, pathOfLatin1(`${directory}/.git`))) !== null
  } catch (error) {
    // A directory that may not be entered hides whether it is a repository; its files are held as unreadable anyway.
    if (errnoOf(error) === 'EACCES') return false
    throw error
  }
}
