import { setImmediate as nextTurn } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import type { Oid, PathBytes, TreeEntry } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { ObjectReader } from './objects.ts'
import { fields, treeEntries } from './parse.ts'
import type { Workbench } from './workbench.ts'

/** About 10 MB; the least recently used trees are read again when needed. */
const cachedEntriesMax = 50_000
/** Between two turns of the loop, where every tree is in memory. */
const pathsInARow = 1_000
const cachedCommitsMax = 64
const listMaxBytes = 512 * 1024 * 1024

/** What lies where in a commit. Objects never change, so nothing cached here can be wrong. */
export interface Trees {
  treeOf(commit: Oid): Promise<Oid>
  entriesAt(commit: Oid | null, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, TreeEntry>>
  /** The same in a tree. */
  entriesIn(tree: Oid, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, TreeEntry>>
  filesBelow(commit: Oid | null, directory: PathBytes): Promise<readonly PathBytes[]>
  trackedFiles(commit: Oid | null): Promise<number>
}

/** @param list every file and link of a tree, by path */
export function createTrees(
  { repository }: Pick<Workbench, 'repository'>,
  objects: Pick<ObjectReader, 'read'>,
  list: (tree: Oid) => Promise<readonly string[]>,
): Trees {
  const trees = new LRUCache<Oid, ReadonlyMap<string, TreeEntry>>({
    maxSize: cachedEntriesMax,
    sizeCalculation: (tree) => tree.size + 1,
  })
  const roots = new LRUCache<Oid, Oid>({ max: cachedCommitsMax })
  const counts = new LRUCache<Oid, number>({ max: 2 })
  const oidBytes = repository.objectFormat === 'sha1' ? 20 : 32

  const treeOf = async (commit: Oid): Promise<Oid> => {
    const known = roots.get(commit)
    if (known !== undefined) return known
    const object = await objects.read(commit)
    const tree = /^tree ([0-9a-f]+)\n/.exec(object?.bytes.toString('latin1', 0, 80) ?? '')?.[1]
    if (object?.type !== 'commit' || tree === undefined) throw broken(`commit ${commit} cannot be read`)
    roots.set(commit, tree)
    return tree
  }

  const entriesOf = async (tree: Oid): Promise<ReadonlyMap<string, TreeEntry>> => {
    const known = trees.get(tree)
    if (known !== undefined) return known
    const object = await objects.read(tree)
    if (object?.type !== 'tree') throw broken(`tree ${tree} cannot be read`)
    const entries = treeEntries(object.bytes, oidBytes)
    trees.set(tree, entries)
    return entries
  }

  const entryAt = async (root: Oid, path: PathBytes): Promise<TreeEntry | null> => {
    let entry: TreeEntry = { mode: '040000', oid: root }
    for (const name of path.split('/')) {
      if (entry.mode !== '040000') return null
      const found: TreeEntry | undefined = (await entriesOf(entry.oid)).get(name)
      if (found === undefined) return null
      entry = found
    }
    return entry
  }

  const entriesIn = async (tree: Oid, paths: readonly PathBytes[]): Promise<ReadonlyMap<PathBytes, TreeEntry>> => {
    const found = new Map<PathBytes, TreeEntry>()
    for (const [at, path] of paths.entries()) {
      if (at % pathsInARow === pathsInARow - 1) await nextTurn()
      const entry = await entryAt(tree, path)
      if (entry !== null) found.set(path, entry)
    }
    return found
  }

  return {
    treeOf,
    entriesIn,
    entriesAt: async (commit, paths) => (commit === null ? new Map() : entriesIn(await treeOf(commit), paths)),
    filesBelow: async (commit, directory) => {
      if (commit === null) return []
      const root = await treeOf(commit)
      const entry = directory === '' ? ({ mode: '040000', oid: root } as const) : await entryAt(root, directory)
      if (entry?.mode !== '040000') return []
      const prefix = directory === '' ? '' : `${directory}/`
      return (await list(entry.oid)).map((path) => `${prefix}${path}` as PathBytes)
    },
    trackedFiles: async (commit) => {
      if (commit === null) return 0
      const tree = await treeOf(commit)
      const count = counts.get(tree) ?? (await list(tree)).length
      counts.set(tree, count)
      return count
    },
  }
}

/** Every file and link of a tree. */
export function treeLister(bench: Workbench): (tree: Oid) => Promise<readonly string[]> {
  return async (tree) => {
    const args = ['ls-tree', '-r', '-z', tree]
    const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.treeMs, outputMaxBytes: listMaxBytes })
    if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('ls-tree', answer))
    // "mode type oid TAB path"; a submodule is a commit.
    return fields(answer.stdout).flatMap((line) =>
      line.slice(7, 11) === 'blob' ? [line.slice(line.indexOf('\t') + 1)] : [],
    )
  }
}

function broken(detail: string): Error {
  return repositoryError({ name: 'corrupt', detail, hint: 'run: git fsck --full', heals: 'person' })
}
