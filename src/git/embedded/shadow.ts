import type { Oid, PlanEntry } from '../../types.ts'
import type { BuiltTree } from '../merge-engine.ts'
import type { Shadow } from '../shadow.ts'
import { needsGit } from './needs-git.ts'
import { isForbiddenName, isStorableName } from './names.ts'
import type { Objects } from './objects.ts'
import { changedTree, treeEdits, UnusualMode } from './tree-objects.ts'

/** The tree of nothing at all has a name of its own, and has to be there. */
async function emptyTree(objects: Objects): Promise<Oid> {
  return objects.write('tree', Buffer.alloc(0))
}

/** Trees are put together from tree objects: no index of ours is needed. */
export function createTreeShadow(objects: Objects): Shadow {
  return {
    path: '',
    clearLock: () => {},
    currentTree: () => Promise.resolve({ kind: 'failed', failure: needsGit('a hook that changes what is committed') }),
    build: (base, entries) => build(objects, base, entries),
  }
}

async function build(objects: Objects, base: Oid | null, entries: readonly PlanEntry[]): Promise<BuiltTree> {
  const good = entries.filter(({ path, mode }) => mode === null || (isStorableName(path) && !isForbiddenName(path)))
  try {
    const tree = (await changedTree(objects, base, treeEdits(good))) ?? (await emptyTree(objects))
    return { kind: 'tree', tree, isWhole: good.length === entries.length }
  } catch (error) {
    if (error instanceof UnusualMode) return { kind: 'failed', failure: needsGit(`${error.message} (legacy-mode)`) }
    throw error
  }
}
