/**
 * Brings the remote's commits in: merged in memory, settled by kind of file, and only then shown to the work tree. What
 * two sides disagree on and nobody but a person can settle is kept on a ref; nothing waits for it.
 */
import type { CommitChange, GitEngine } from '../git/git.ts'
import type { Failure, Oid } from '../types.ts'
import { fingerprintOf } from './at-path.ts'
import { conflictRefs, keepConflicts, keptConflicts, renameClone, withoutPaths, type Conflict } from './conflicts.ts'
import type { Documents } from './documents.ts'
import { mergeSides, replaySides, type Made } from './make.ts'
import { lackingIn, liesIn, placeFiles, removeEmptyAbove } from './place.ts'
import { readyReplaced } from './second-names.ts'
import { liesAsStaged } from './same-file.ts'
import { keepReplaced, replacedRef } from './replaced.ts'
import type { NotMade } from './settle-all.ts'

export type { Conflict, KeptConflict } from './conflicts.ts'
export { besideKept, obstacles, type Obstacles } from './obstacles.ts'
export type { PlaceContext } from './place.ts'

/** Where both sides of a conflict are kept, and those that are. */
export const keptSides = {
  refs: conflictRefs,
  all: keptConflicts,
  keep: keepConflicts,
  keepReplaced,
  replacedRef,
  rename: renameClone,
  without: withoutPaths,
} as const
/** Files of the work tree, brought where they belong while nobody else touches them. */
export const placing = {
  fingerprintOf,
  lackingIn,
  liesAsStaged,
  liesIn,
  placeFiles,
  readyReplaced,
  removeEmptyAbove,
} as const

/** Commits of the remote that are looked for in our own past. */
const rewrittenMax = 10_000

export interface IntegrationRequest {
  readonly ref: string
  /** null: the branch is unborn. */
  readonly head: Oid | null
  /** The remote's, and here already. */
  readonly tip: Oid
  /** Of the remote's commits the one that the branch was last known to have, whatever its reflog says. */
  readonly had: Oid | null
  /** rebase: our own unpushed commits are put on the remote's, where nobody else made one of them. */
  readonly mode: 'merge' | 'rebase'
  /** Of the merge commit, trailers and all. */
  readonly message: string
  readonly documents: Documents
}

export type Integration =
  /** The remote has nothing that is not here. */
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'ready'
      readonly commit: Oid
      /** Between HEAD and that commit. */
      readonly changes: readonly CommitChange[]
      readonly conflicts: readonly Conflict[]
      /** Commits that the remote lacks then. */
      readonly ahead: number
      /** Commits of ours that were made anew, where not all of what they did is in it; null: none. */
      readonly replaced: Oid | null
    }
  /** The remote still has what was on this branch and is not any more: somebody changed history here. */
  | { readonly kind: 'rewritten'; readonly oid: Oid }
  | { readonly kind: 'unrelated' }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** Everything that can be done without being seen: objects only. */
export async function prepareIntegration(engine: GitEngine, request: IntegrationRequest): Promise<Integration> {
  const { merging, history } = engine
  const { ref, head, tip, had } = request
  if (head === null) return ready(engine, head, { commit: tip, conflicts: [], ahead: 0, replaced: null })
  if (head === tip || (await history.isAncestor(tip, head))) return { kind: 'nothing' }
  // Also before a fast forward: a reset takes commits out and leaves nothing in their place.
  const theirs = await merging.commitsBetween(head, tip, rewrittenMax)
  const [old = theirs.find((oid) => oid === had)] = await merging.wereHere(ref, theirs)
  if (old !== undefined) return { kind: 'rewritten', oid: old }
  if (await history.isAncestor(head, tip))
    return ready(engine, head, { commit: tip, conflicts: [], ahead: 0, replaced: null })
  const made = await madeOf(engine, { ...request, head })
  return 'commit' in made ? ready(engine, head, made) : made
}

async function ready(engine: GitEngine, head: Oid | null, made: Made): Promise<Integration> {
  return { kind: 'ready', ...made, changes: await engine.merging.changesBetween(head, made.commit) }
}

async function madeOf(
  engine: GitEngine,
  request: IntegrationRequest & { readonly head: Oid },
): Promise<Made | NotMade> {
  const replayed = request.mode === 'rebase' ? await replaySides(engine, request) : null
  return replayed ?? mergeSides(engine, request, request.message)
}
