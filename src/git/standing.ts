import type { CommitPlan } from '../types.ts'
import { readHead } from './heads.ts'
import type { IndexTable } from './index-table.ts'
import { operationInProgress } from './pauses.ts'
import type { CommitParts } from './recovery.ts'
import { stagingOf } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/**
 * The user's index, when all that the plan was made on still holds: HEAD, no operation in progress, nothing unmerged,
 * none of its paths staged. null: it does not. `known` is the index of an earlier yes to the same plan.
 */
export async function standing(
  bench: Workbench,
  { index, trees }: CommitParts,
  plan: CommitPlan,
  known: IndexTable | null = null,
): Promise<IndexTable | null> {
  const head = await readHead(bench)
  if (head.ref !== plan.ref || head.oid !== plan.base) return null
  if (operationInProgress(bench) !== null) return null
  const table = await index.read()
  if (table === known) return table
  const paths = plan.entries.map(({ path }) => path)
  const isFree = !table.hasUnmerged && (await stagingOf(index, trees, plan.base, paths)).size === 0
  return isFree ? table : null
}
