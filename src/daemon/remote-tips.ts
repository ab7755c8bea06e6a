import type { GitEngine } from '../git/git.ts'
import type { Oid } from '../types.ts'
import type { Parts } from './board.ts'

/** Branches whose last tip is remembered; the oldest is forgotten. */
const tipsMax = 20

/** The branch had this commit of the remote's, or the remote had it of ours. */
export function seenTip({ state }: Parts, ref: string, oid: Oid): void {
  const { tips } = state.value
  if (tips.some((tip) => tip.ref === ref && tip.oid === oid)) return
  state.update({ tips: [...tips.filter((tip) => tip.ref !== ref), { ref, oid }].slice(-tipsMax) })
}

/** What the remote's branch was known to have; null: nothing, or it was long ago. */
export function lastTip({ state }: Parts, ref: string): Oid | null {
  return state.value.tips.find((one) => one.ref === ref)?.oid ?? null
}

/** An unborn branch that had commits of the remote's: somebody took them away here, and wants them back no more. */
export function isEmptiedHere(parts: Parts, ref: string, oid: Oid | null): boolean {
  return oid === null && lastTip(parts, ref) !== null
}

/**
 * What the remote had and has no more, while this branch has it: somebody changed the remote's history. To go on would
 * bring the old one back.
 * @param last `lastTip` from before the remote was asked: a push may have ended since
 * @returns null: nothing is missing, or somebody put both together here
 */
export async function lostTip(
  { history }: Pick<GitEngine, 'history'>,
  last: Oid | null,
  head: Oid,
  tip: Oid,
): Promise<Oid | null> {
  if (last === null || last === tip) return null
  // A clean-up may have taken it: then nothing of it can come back either.
  if ((await history.commit(last)) === null) return null
  if ((await history.isAncestor(last, tip)) || !(await history.isAncestor(last, head))) return null
  const isMerged = (await history.isAncestor(tip, head)) && !(await history.isAncestor(tip, last))
  return isMerged ? null : last
}
