import type { Oid } from '../types.ts'
import type { GitEngine } from './engine.ts'

/** Whether `commit` is part of what `tip` is on. What a clean-up has taken is part of nothing. */
export async function isPartOf({ history }: Pick<GitEngine, 'history'>, commit: Oid, tip: Oid): Promise<boolean> {
  try {
    return await history.isAncestor(commit, tip)
  } catch (error) {
    for (const oid of [commit, tip]) if ((await history.commit(oid)) === null) return false
    throw error
  }
}
