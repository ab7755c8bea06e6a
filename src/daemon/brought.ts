/** Files that were placed for the remote's commits before the branch followed: they are nobody's change. */
import { SyncError } from '../errors.ts'
import type { CommitChange } from '../git/git.ts'
import type { Oid, PathBytes } from '../types.ts'
import { dealtMark, type Board, type Parts } from './board.ts'
import { isSameEntry, liesAs } from './disk-side.ts'
import type { State } from './state-schema.ts'
import { storeLimits } from './store-limits.ts'

type Bringing = NonNullable<State['bringing']>

/** To be written before the first file is placed: after a crash nothing else tells whose the bytes are. */
export function beginBringing(
  { state }: Parts,
  { ref, base, commit }: { readonly ref: string; readonly base: Oid | null; readonly commit: Oid },
): void {
  state.update({ bringing: { ref, base, commit } })
}

/** The branch has followed, or has nothing to follow any more. */
export function endBringing({ state }: Parts, board: Board, ref: string): void {
  if (state.value.bringing?.ref === ref) state.update({ bringing: null })
  if (board.brought?.ref === ref) board.brought = null
}

/** What lies there as an integration that came to no end would have it, and as HEAD has not. */
export async function findBrought(parts: Parts, board: Board): Promise<void> {
  const { evidence, state } = parts
  const { ref, oid } = board.head
  const { bringing } = state.value
  board.brought = null
  if (bringing === null || bringing.ref !== ref) return
  const changes = await changesOf(parts, bringing)
  const paths = changes.map(({ path }) => path)
  const facts = await evidence.collectBlobs(oid, paths, (path) => board.sightings.get(path), storeLimits(parts))
  const marks = new Map<PathBytes, string>()
  for (const { path, before, after } of changes) {
    const fact = facts.get(path)
    if (fact === undefined || fact.staging !== 'none' || !liesAs(fact, after)) continue
    const entry = fact.entry?.kind === 'directory' ? null : fact.entry
    // A directory of HEAD's in whose place the file came.
    const base = fact.base?.mode === '040000' ? null : fact.base
    if (isSameEntry(base, before)) marks.set(path, dealtMark(entry, fact.base))
  }
  if (marks.size > 0) board.brought = { ref, marks }
  else state.update({ bringing: null })
}

/** None where git has thrown the commit away since. */
async function changesOf({ engine }: Parts, { base, commit }: Bringing): Promise<readonly CommitChange[]> {
  try {
    return await engine.merging.changesBetween(base, commit)
  } catch (error) {
    if (error instanceof SyncError) return []
    throw error
  }
}

/**
 * Whether a path lies there as it was placed, while the commits it came with are still to be brought in.
 * @param mark `dealtMark` of the path as it lies there and as HEAD has it
 */
export function isBrought({ config, pushAllowed }: Parts, board: Board, path: PathBytes, mark: string): boolean {
  const { brought, head } = board
  if (brought === null || brought.ref !== head.ref || brought.marks.get(path) !== mark) return false
  return config.pull.enabled && pushAllowed && board.following !== null
}
