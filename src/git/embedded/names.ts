import { pathBytes, pathText } from '../../types.ts'
import type { PathBytes } from '../../types.ts'

/** isomorphic-git spells other names another way: U+FFFD for what is not UTF-8, `/` for a backslash. */
export function isStorableName(path: PathBytes): boolean {
  return !path.includes('\\') && pathBytes(pathText(path)) === path
}

/** A part of HFS+ names that the system does not see (git, utf8.c, `next_hfs_char`). */
const unseen = /[\u200c-\u200f\u202a-\u202e\u206a-\u206f\ufeff]/g

/**
 * Names that git keeps out of every tree: `.git` in whatever spelling some system takes for it, `.` and `..`. As git
 * with `core.protectNTFS` and `core.protectHFS`, whatever is configured.
 */
export function isForbiddenName(path: PathBytes): boolean {
  return pathText(path)
    .split('/')
    .some((name) => name === '' || name === '.' || name === '..' || isGitDirectory(name))
}

function isGitDirectory(name: string): boolean {
  // NTFS passes over blanks and dots at the end, and what follows a colon names a stream.
  const plain = name.replaceAll(unseen, '').toLowerCase().split(':', 1)[0] ?? ''
  return /^(?:\.git|git~1)[ .]*$/.test(plain)
}
