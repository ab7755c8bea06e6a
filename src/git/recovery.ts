import { join } from 'node:path'
import type { Oid } from '../types.ts'
import type { CommitParts } from './commit-verbs.ts'
import { readHead, readRef } from './heads.ts'
import type { CommitJournal, JournalEntry, Recovery } from './journal-entry.ts'
import { clearCopy, refreshIndex } from './refresh.ts'
import { discardShipment } from './shipment.ts'
import type { Workbench } from './workbench.ts'

/** What a crash left half done: finished when the branch has the commit, forgotten when it has not. */
export async function recover(
  bench: Workbench,
  parts: CommitParts,
  entry: JournalEntry | null,
  journal: CommitJournal,
): Promise<Recovery> {
  const { shadow, lock } = parts
  bench.claims.recall()
  shadow.clearLock()
  clearCopy(bench)
  await discardShipment(bench)
  lock.release()
  if (entry !== null) clearRefLocks(bench, entry)
  bench.claims.settle()
  if (entry === null) return { committed: null, failure: null }
  const isAt = async (ref: string, tip: Oid | null): Promise<boolean> =>
    tip === entry.commit || parts.verbs.branchHas(ref, entry.commit)
  // Not by its name: the branch may have another one by now, or a new one may have been made where it was.
  const isHere = await isAt('HEAD', (await readHead(bench)).oid)
  if (!isHere && !(await isAt(entry.ref, readRef(bench, entry.ref)))) {
    journal.write(null)
    return { committed: null, failure: null }
  }
  const committed = { oid: entry.commit, paths: entry.paths }
  // On another branch the index belongs to that branch.
  if (isHere) {
    if (!(await lock.take())) return { committed, failure: lock.heldFailure }
    const failure = await refreshIndex(bench, parts, entry).finally(() => lock.release())
    if (failure !== null) return { committed, failure }
  }
  journal.write(null)
  return { committed, failure: null }
}

/**
 * A lock on the branch that holds the id of our commit was written by our `update-ref`: nobody else knows the id. The
 * empty lock on HEAD that the same transaction takes next is ours only beside it.
 */
function clearRefLocks(bench: Workbench, entry: JournalEntry): void {
  const { disk, repository } = bench
  const branchLock = join(repository.commonDir, `${entry.ref}.lock`)
  if (disk.read(branchLock)?.toString('latin1').trim() !== entry.commit) return
  const headLock = join(repository.gitDir, 'HEAD.lock')
  const [branch, head] = [disk.identify(branchLock), disk.identify(headLock)]
  const isOneTransaction =
    branch !== null && head !== null && Math.abs(head.modifiedAtMs - branch.modifiedAtMs) < oneTransactionMs
  if (isOneTransaction && disk.read(headLock)?.length === 0) disk.remove(headLock)
  disk.remove(branchLock)
}

/** git takes both locks within a fraction of a millisecond. */
const oneTransactionMs = 100
