import { join } from 'node:path'
import type { Failure } from '../types.ts'
import { hiddenRefreshable, moveHidden } from './hidden-refresh.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { CommitParts } from './commit-verbs.ts'
import { refreshable } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/**
 * Moves the user's index on to the new commit, for the commit's paths only and only where nobody staged anything.
 * `index.lock` is held by us all the while; a copy is worked on, so that a crash leaves the index as it was.
 */
export async function refreshIndex(
  bench: Workbench,
  { trees, lock, index, verbs }: CommitParts,
  entry: JournalEntry,
): Promise<Failure | null> {
  const { disk, repository } = bench
  const copy = join(repository.stateDir, 'index-copy')
  const free = await refreshable(index, trees, entry.base, entry.paths)
  const looksAway = await hiddenRefreshable(index, trees, entry.base, entry.paths)
  const paths = free.filter((path) => !looksAway.has(path))
  if (paths.length === 0 && looksAway.size === 0) return null
  clearCopy(bench)
  disk.copy(repository.indexPath, copy)
  const failure =
    (await moveHidden(bench, trees, copy, entry, looksAway)) ??
    (paths.length === 0 ? null : await verbs.renewIndex(copy, entry.commit, paths))
  if (failure !== null) return failure
  // What somebody staged lies nowhere else: a power cut must leave one index or the other.
  disk.sync(copy)
  // Somebody may have removed the lock as stale and be writing: then the index is theirs.
  if (!lock.isOurs()) return { ...lostLock, detail: `${repository.indexPath}.lock was taken away while it was held` }
  disk.rename(copy, repository.indexPath)
  return null
}

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
