import type { CommitPlan, PathBytes, PlanEntry } from '../types.ts'
import type { Trees } from './trees.ts'

/**
 * The entries of a plan that change nothing but their own paths. Git would drop a whole directory for a file put in
 * its place, or a submodule for a file put into it; where the plan does not say so itself, the entry is left out.
 */
export async function fittingEntries(trees: Trees, plan: CommitPlan): Promise<readonly PlanEntry[]> {
  const paths = plan.entries.map(({ path }) => path)
  const above = [...new Set(paths.flatMap(parentsOf))]
  const base = await trees.entriesAt(plan.base, [...paths, ...above])
  const deleted = new Set(plan.entries.filter(({ mode }) => mode === null).map(({ path }) => path))
  const added = new Set(plan.entries.filter(({ mode }) => mode !== null).map(({ path }) => path))

  const standsFree = (path: PathBytes) =>
    parentsOf(path).every((parent) => {
      const mode = base.get(parent)?.mode
      if (added.has(parent) || mode === '160000') return false
      return mode === undefined || mode === '040000' || deleted.has(parent)
    })

  const fits = async (entry: PlanEntry): Promise<boolean> => {
    const mode = base.get(entry.path)?.mode
    if (mode === '160000') return false
    if (entry.mode === null) return mode !== undefined && mode !== '040000'
    if (!standsFree(entry.path)) return false
    if (mode !== '040000') return true
    return (await trees.filesBelow(plan.base, entry.path)).every((path) => deleted.has(path))
  }

  const fitting: PlanEntry[] = []
  for (const entry of plan.entries) if (await fits(entry)) fitting.push(entry)
  return fitting
}

function parentsOf(path: PathBytes): readonly PathBytes[] {
  const parents: PathBytes[] = []
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) parents.push(path.slice(0, at) as PathBytes)
  return parents
}
