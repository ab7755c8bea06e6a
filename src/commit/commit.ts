/** From verdicts to a commit: the plan is pure, carrying it out is the engine's. */
import type { CommitJournal, GitEngine } from '../git/git.ts'
import type { CommitOutcome, Verdict } from '../types.ts'
import type { Signature } from './message.ts'
import { planCommit } from './plan.ts'

export { commitMessage, mergeMessage, type Signature } from './message.ts'
export { decideUndo, undoTemplate, type UndonePath } from './undo.ts'

export interface CommitRequest {
  /** Finds the commit again after a crash; never used twice. */
  readonly id: string
  /** Where HEAD was when the evidence was gathered. */
  readonly head: { readonly ref: string | null; readonly oid: string | null }
  readonly verdicts: readonly Verdict[]
  readonly signature: Signature
  /** Asked at the last moment: whether what was judged still lies there. */
  readonly stillLies: () => Promise<boolean>
}

/** Resolves at the commit point: the push may start while `engine.settled()` is awaited beside it. */
export async function commitBatch(
  engine: GitEngine,
  journal: CommitJournal,
  { id, head, verdicts, signature, stillLies }: CommitRequest,
): Promise<CommitOutcome> {
  const result = planCommit(id, { ref: head.ref, base: head.oid }, verdicts, signature)
  if (result.kind === 'plan') return engine.commit(result.plan, journal, stillLies)
  return result.reason === 'detached' ? { kind: 'head-moved' } : { kind: 'empty', leftOut: [] }
}
