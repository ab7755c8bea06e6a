import { setImmediate as nextTurn } from 'node:timers/promises'
import { foldersAbove } from '../folders.ts'
import { pathText } from '../types.ts'
import type { CommitPlan, HeldPath, PathBytes, PlanEntry } from '../types.ts'
import type { IndexTable } from './index-table.ts'
import type { Trees } from './trees.ts'
import { stagedAs } from './user-index.ts'

/** Between two turns of the loop. */
const pathsInARow = 1_000

export interface Fit {
  readonly entries: readonly PlanEntry[]
  /** What else the plan wanted, and what each of them waits for. */
  readonly leftOut: readonly HeldPath[]
}

/**
 * The entries of a plan that change nothing but their own paths. Git would drop a whole directory for a file put in
 * its place, or a submodule for a file put into it, from the commit or from the user's index; where the plan does not
 * say so itself, the entry is left out. A deletion of what is not there changes nothing, and nothing is said of it.
 */
export async function fitOf(trees: Trees, table: IndexTable, plan: CommitPlan): Promise<Fit> {
  const paths = plan.entries.map(({ path }) => path)
  const above = [...new Set(paths.flatMap(foldersAbove))]
  const base = await trees.entriesAt(plan.base, [...paths, ...above])
  const deleted = new Set(plan.entries.filter(({ mode }) => mode === null).map(({ path }) => path))
  const added = new Set(plan.entries.filter(({ mode }) => mode !== null).map(({ path }) => path))

  /** Why nothing can be put below a directory of this name. */
  const inTheWay = async (parent: PathBytes): Promise<string | null> => {
    const mode = base.get(parent)?.mode
    if (mode === '160000') return `lies in the submodule ${named(parent)}: commit it there`
    if (added.has(parent)) return `${named(parent)} became a file at the same time: save it again`
    const isFile = (mode !== undefined && mode !== '040000') || table.at(parent).length > 0
    return isFile && !deleted.has(parent) ? waitsFor(parent) : null
  }
  const waitsFor = async (path: PathBytes): Promise<string> => {
    const entry = (await trees.entriesAt(plan.base, [path])).get(path)
    const found = table.at(path)
    const isStaged = stagedAs(found, entry) !== null || (entry === undefined && found.length > 0)
    return isStaged
      ? `waits for ${named(path)}, which is staged: commit or unstage it`
      : `waits for ${named(path)}, which is held or still changes: settle that one first`
  }
  const obstacles = new Map<PathBytes, string | null>()
  for (const parent of above) obstacles.set(parent, await inTheWay(parent))

  const obstacle = async ({ path }: PlanEntry): Promise<string | null> => {
    const mode = base.get(path)?.mode
    if (mode === '160000') return 'is a submodule: commit it with git'
    for (const parent of foldersAbove(path)) {
      const found = obstacles.get(parent) ?? null
      if (found !== null) return found
    }
    const tracked = mode === '040000' ? await trees.filesBelow(plan.base, path) : []
    const staged = table.below(path).map((entry) => entry.path)
    const remaining = [...tracked, ...staged].find((below) => !deleted.has(below))
    return remaining === undefined ? null : waitsFor(remaining)
  }

  const entries: PlanEntry[] = []
  const leftOut: HeldPath[] = []
  for (const [at, entry] of plan.entries.entries()) {
    if (at % pathsInARow === pathsInARow - 1) await nextTurn()
    const mode = base.get(entry.path)?.mode
    if (entry.mode === null && (mode === undefined || mode === '040000')) continue
    const reason = entry.mode === null && mode !== '160000' ? null : await obstacle(entry)
    if (reason === null) entries.push(entry)
    else leftOut.push({ path: entry.path, reason })
  }
  return { entries, leftOut }
}

/** In one line. */
function named(path: PathBytes): string {
  return pathText(path).replaceAll(/[\p{Cc}\u2028\u2029]/gu, '?')
}
