import type { CommitPlan } from '../types.ts'
import { fitOf } from './fit.ts'
import type { Fit } from './fit.ts'
import { readHead } from './heads.ts'
import type { IndexTable } from './index-table.ts'
import { operationInProgress } from './pauses.ts'
import type { CommitParts } from './commit-verbs.ts'
import { stagingOf } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/** What of a plan can be committed beside the user's index as it is. */
export interface Standing {
  readonly fit: Fit
  readonly table: IndexTable
}

/**
 * null: what the plan was made on holds no more, which is HEAD, no operation in progress, nothing unmerged, and none of
 * its paths staged. `known` is an earlier answer to the same plan: it must still be the answer.
 */
export async function standing(
  bench: Workbench,
  { index, trees }: CommitParts,
  plan: CommitPlan,
  known: Standing | null = null,
): Promise<Standing | null> {
  const head = await readHead(bench)
  if (head.ref !== plan.ref || head.oid !== plan.base) return null
  if (operationInProgress(bench) !== null) return null
  const table = await index.read()
  if (table === known?.table) return known
  const paths = plan.entries.map(({ path }) => path)
  if (table.hasUnmerged || (await stagingOf(index, trees, plan.base, paths)).size > 0) return null
  const fit = await fitOf(trees, table, plan)
  return known === null || isSame(fit, known.fit) ? { fit, table } : null
}

function isSame({ entries }: Fit, other: Fit): boolean {
  return entries.length === other.entries.length && entries.every((entry, at) => entry === other.entries[at])
}
