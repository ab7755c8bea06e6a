import type { Oid } from '../../types.ts'
import type { Merged } from '../merge-engine.ts'
import { treeChanges } from './tree-objects.ts'
import type { EmbeddedParts } from './verbs.ts'

type Parts = Pick<EmbeddedParts, 'objects' | 'commits' | 'trees'>

/** Commits of ours that are looked through; with more of them it is git's affair. */
const oursMax = 200

/** null: they were merged before, or have nothing in common. */
export async function lastShared({ commits }: Parts, ours: Oid, theirs: Oid): Promise<Oid | null> {
  let [shared, count] = [ours, 0]
  const apart = new Set<Oid>()
  for await (const { oid } of commits.walk([ours], [theirs])) {
    count += 1
    if (count > oursMax) return null
    apart.add(oid)
  }
  while (apart.has(shared)) {
    const { parents } = await commits.read(shared)
    const [parent] = parents
    if (parent === undefined || parents.length > 1) return null
    shared = parent
  }
  return shared
}

/**
 * What comes of two sides when all that ours changed lies on theirs already: their tree. That is no merging, and it
 * must go on by itself: the same edit may have been made on both machines. null: ours has something of its own.
 */
export async function takenAlike(
  { objects, trees }: Parts,
  base: Oid,
  { ours, theirs }: { readonly ours: Oid; readonly theirs: Oid },
): Promise<Extract<Merged, { kind: 'merged' }> | null> {
  const tree = await trees.treeOf(theirs)
  const changes = await treeChanges(objects, await trees.treeOf(base), await trees.treeOf(ours))
  const entries = await trees.entriesIn(
    tree,
    changes.map(({ path }) => path),
  )
  const isThere = changes.every(({ path, after }) => {
    const there = entries.get(path)
    // What was deleted here may have made room for a directory there.
    if (after === null) return there === undefined || there.mode === '040000'
    return there?.mode === after.mode && there.oid === after.oid
  })
  return isThere ? { kind: 'merged', tree, open: [] } : null
}
