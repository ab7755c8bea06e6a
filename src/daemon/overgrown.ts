/** A submodule is its owner's. What else lies in its place is somebody's work all the same. */
import { posix } from 'node:path'
import type { EvidenceRoom } from '../evidence/evidence.ts'
import { isOvergrown, type GitEngine } from '../git/git.ts'
import { shellPath } from '../shell.ts'
import type { Oid, PathBytes } from '../types.ts'

/** @param submodule is one at HEAD. null: nothing but it lies there */
export function whyOvergrown({ repository }: Pick<GitEngine, 'repository'>, submodule: PathBytes): string | null {
  if (!isOvergrown(repository.root, submodule)) return null
  const word = shellPath(submodule)
  const what = 'is a submodule, and something else lies in its place'
  return `${what}: commit it with git (git rm --cached ${word}, then git add ${word}), or move it away`
}

/** The same of a path, or of a directory above it. */
export async function whyInSubmodule(
  engine: GitEngine,
  evidence: EvidenceRoom,
  head: Oid | null,
  path: PathBytes,
): Promise<string | null> {
  for (let at = path as string; at !== '.'; at = posix.dirname(at)) {
    const place = at as PathBytes
    if ((await evidence.base(head, place))?.mode !== '160000') continue
    const why = whyOvergrown(engine, place)
    if (why === null || place === path) return why
    return `lies in the submodule ${shellPath(place)}, which is no repository any more: commit it with git`
  }
  return null
}
