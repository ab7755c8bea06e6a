/** What is open between this machine and the remote. */
import type { GitEngine } from '../git/git.ts'
import { keptSides, type KeptConflict } from '../integrate/integrate.ts'
import type { PathBytes } from '../types.ts'
import { divergedNow, type DivergedNow } from './diverged.ts'
import type { State } from './state-schema.ts'

export type OpenConflict =
  /** The branch has the remote's side; ours is kept on a ref. */
  | ({ readonly kind: 'kept'; readonly isOwn: boolean; readonly isHere: boolean; readonly branch: null } & KeptConflict)
  /** The branch has the remote's side; what lies in the work tree was made without it. */
  | ({ readonly kind: 'diverged' } & DivergedNow)

/** The newest first; those of other branches and of other clones too, as far as they were fetched. */
export async function openConflicts(
  engine: GitEngine,
  state: Pick<State, 'diverged' | 'cloneId'> | null,
): Promise<readonly OpenConflict[]> {
  const kept = await keptSides.all(engine, state?.cloneId ?? null)
  const diverged = await divergedNow(engine, state?.diverged ?? [])
  return [
    ...diverged.map((one) => ({ kind: 'diverged', ...one }) as const),
    ...kept.map(
      (one) =>
        ({ kind: 'kept', isOwn: one.ref.startsWith(keptSides.refs), isHere: true, branch: null, ...one }) as const,
    ),
  ]
}

/** Paths of this branch of which this clone keeps its own side, or committed it over the remote's; each path once. */
export async function keptHere(
  engine: GitEngine,
  state: Pick<State, 'diverged' | 'cloneId'>,
): Promise<readonly PathBytes[]> {
  const open = (await openConflicts(engine, state)).filter(({ isHere }) => isHere)
  const own = open.filter((one) => (one.kind === 'kept' ? one.isOwn : one.under !== null))
  return [...new Set(own.map(({ path }) => path))]
}
