/** What is open between this machine and the remote. */
import type { GitEngine } from '../git/git.ts'
import { keptSides, type KeptConflict } from '../integrate/integrate.ts'
import type { PathBytes } from '../types.ts'
import { divergedNow, type DivergedNow } from './diverged.ts'
import type { Followed } from './remote-tips.ts'
import type { State } from './state-schema.ts'

export type OpenConflict =
  /** The branch has the remote's side; ours is kept on a ref. */
  | ({ readonly kind: 'kept'; readonly isOwn: boolean; readonly isHere: boolean } & KeptConflict)
  /** The branch has the remote's side; what lies in the work tree was made without it. */
  | ({ readonly kind: 'diverged' } & DivergedNow)

/** The newest first; those of other branches and of other clones too, as far as they were fetched. */
export async function openConflicts(
  engine: GitEngine,
  state: Pick<State, 'diverged' | 'cloneId'> | null,
): Promise<readonly OpenConflict[]> {
  const kept = await keptSides.all(engine, state?.cloneId ?? null)
  const diverged = await divergedNow(engine, state?.diverged ?? [])
  const elsewhere = await otherBranches(engine, [...kept, ...diverged])
  const isHere = (branch: string | null): boolean => branch === null || !elsewhere.has(branch)
  return [
    ...diverged.map((one) => ({ kind: 'diverged', ...one, isHere: one.isHere || isHere(one.branch) }) as const),
    ...kept.map((one) => {
      return { kind: 'kept', isOwn: one.ref.startsWith(keptSides.refs), isHere: isHere(one.branch), ...one } as const
    }),
  ]
}

/** What a branch is called by all clones. One that is not pushed to what it follows has only its own name. */
export function commonName({ ref, upstream }: Followed): string {
  return upstream === null || upstream.elsewhere !== null ? ref : upstream.ref
}

/** Those that are not checked out. A branch that is neither here nor, as far as is known, on the remote is none. */
async function otherBranches(
  engine: GitEngine,
  open: readonly { readonly branch: string | null }[],
): Promise<ReadonlySet<string>> {
  const { ref } = await engine.head()
  const here = ref === null ? [] : [ref, commonName({ ref, upstream: await engine.upstream(ref) })]
  const named = new Set(open.flatMap(({ branch }) => (branch === null || here.includes(branch) ? [] : [branch])))
  if (named.size === 0) return named
  const refs = [...(await engine.survey.refs('refs/heads/')), ...(await engine.survey.refs('refs/remotes/'))]
  const names = refs.map(({ name }) => name.replace(/^refs\/remotes\//, ''))
  const isThere = (branch: string): boolean => {
    const tracked = branch.replace(/^refs\/heads\//, '/')
    return names.some((name) => name === branch || name.endsWith(tracked))
  }
  return new Set([...named].filter(isThere))
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
