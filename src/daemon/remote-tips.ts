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

/**
 * What the remote had and has no more: somebody changed its history. To bring ours in would bring the old one back.
 * @returns null: nothing is missing
 */
export async function lostTip(parts: Parts, ref: string, tip: Oid): Promise<Oid | null> {
  const { engine } = parts
  const last = lastTip(parts, ref)
  if (last === null || last === tip) return null
  // A clean-up may have taken it: then nothing of it can come back either.
  if ((await engine.history.commit(last)) === null) return null
  return (await engine.history.isAncestor(last, tip)) ? null : last
}
