import { isPartOf, type GitEngine, type Upstream } from '../git/git.ts'
import type { Oid } from '../types.ts'
import type { Parts } from './board.ts'

/** Branches whose last tip is remembered; the oldest is forgotten. */
const tipsMax = 20

/** A branch here, and what it follows; null: nothing. */
export interface Followed {
  readonly ref: string
  readonly upstream: Upstream | null
}

interface TipsKnown {
  readonly state: { readonly value: Pick<Parts['state']['value'], 'tips'> }
}

/** What `ref` follows as git is configured now. */
export async function followed({ engine }: Pick<Parts, 'engine'>, ref: string): Promise<Followed> {
  return { ref, upstream: await engine.upstream(ref) }
}

/** The branch had this commit of the remote's, or the remote had it of ours. */
export function seenTip({ state }: Parts, { ref, upstream }: Followed, oid: Oid): void {
  const { tips } = state.value
  const at = upstream === null ? null : placeOf(upstream)
  if (tips.some((tip) => tip.ref === ref && tip.oid === oid && tip.at === at)) return
  state.update({ tips: [...tips.filter((tip) => tip.ref !== ref), { ref, oid, at }].slice(-tipsMax) })
}

/** What the remote's branch was known to have; null: nothing, or it was long ago. */
export function lastTip({ state }: TipsKnown, { ref, upstream }: Followed): Oid | null {
  const last = state.value.tips.find((one) => one.ref === ref)
  if (last === undefined || upstream === null) return null
  // Another repository, or another branch over there, has a history of its own: nothing was taken out of that.
  return last.at === null || last.at === placeOf(upstream) ? last.oid : null
}

function placeOf({ address, ref }: Upstream): string {
  return `${address} ${ref}`
}

/** An unborn branch that had commits of the remote's: somebody took them away here, and wants them back no more. */
export function isEmptiedHere(parts: Parts, branch: Followed, oid: Oid | null): boolean {
  return oid === null && lastTip(parts, branch) !== null
}

/**
 * What the remote had and has no more, while this branch has it: somebody changed the remote's history. To go on would
 * bring the old one back.
 * @param last `lastTip` from before the remote was asked: a push may have ended since
 * @returns null: nothing is missing, or somebody put both together here
 */
export async function lostTip(
  engine: Pick<GitEngine, 'history'>,
  last: Oid | null,
  head: Oid,
  tip: Oid,
): Promise<Oid | null> {
  if (last === null || last === tip) return null
  if ((await isPartOf(engine, last, tip)) || !(await isPartOf(engine, last, head))) return null
  const isMerged = (await isPartOf(engine, tip, head)) && !(await isPartOf(engine, tip, last))
  return isMerged ? null : last
}
