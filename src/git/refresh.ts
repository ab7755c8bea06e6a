import { join } from 'node:path'
import type { Failure } from '../types.ts'
import { literalPaths } from './environment.ts'
import { failureOf } from './failures.ts'
import type { IndexLock } from './index-lock.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { Trees } from './trees.ts'
import { refreshable } from './user-index.ts'
import type { UserIndex } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/**
 * Moves the user's index on to the new commit, for the commit's paths only and only where nobody staged anything.
 * `index.lock` is held by us all the while; git works on a copy, so that a crash leaves the index as it was.
 */
export async function refreshIndex(
  bench: Workbench,
  { trees, lock, index }: { readonly trees: Trees; readonly lock: IndexLock; readonly index: UserIndex },
  entry: JournalEntry,
): Promise<Failure | null> {
  const { disk, git, repository } = bench
  const copy = join(repository.stateDir, 'index-copy')
  const paths = await refreshable(index, trees, entry.base, entry.paths)
  if (paths.length === 0) return null
  clearCopy(bench)
  disk.copy(repository.indexPath, copy)
  const answer = await git.run({
    args: [...resetArgs],
    input: Buffer.from(`${paths.join('\0')}\0`, 'latin1'),
    environment: { ...literalPaths, GIT_INDEX_FILE: copy },
    deadlineMs: bench.deadlines.treeMs,
  })
  if (answer.code !== 0) return failureOf('reset', answer)
  // Somebody may have removed the lock as stale and be writing: then the index is theirs.
  if (!lock.isOurs()) return { ...lostLock, detail: `${repository.indexPath}.lock was taken away while it was held` }
  disk.rename(copy, repository.indexPath)
  return null
}

/** Takes HEAD's entries, fills in what stat says (so `diff-files` is quiet too) and walks over no other path. */
const resetArgs = [
  '-c',
  'core.hooksPath=/dev/null',
  'reset',
  '-q',
  '--no-refresh',
  '--pathspec-from-file=-',
  '--pathspec-file-nul',
]

const lostLock: Failure = {
  name: 'locked',
  detail: '',
  hint: 'nothing to do: it is tried again',
  heals: 'backoff',
}

export function clearCopy(bench: Workbench): void {
  const copy = join(bench.repository.stateDir, 'index-copy')
  bench.disk.remove(`${copy}.lock`)
  bench.disk.remove(copy)
}
