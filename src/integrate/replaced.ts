import type { GitEngine } from '../git/git.ts'
import type { Failure, Oid } from '../types.ts'

/** Where history lies that another took the place of, here or on the remote, for as long as nobody removes it. */
export const replacedRef = (tip: Oid): string => `refs/workspace-sync/replaced/${tip}`

/** History that is about to be replaced stays within reach, each version of it. */
export function keepReplaced(engine: GitEngine, tip: Oid): Promise<Failure | null> {
  return engine.merging.pointRef(replacedRef(tip), tip)
}
