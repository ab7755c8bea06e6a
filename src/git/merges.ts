/** Two sides made one by `git merge-tree`: objects only. */
import type { Oid, PathBytes } from '../types.ts'
import { durably } from './durably.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { Merged, Merging } from './merge-engine.ts'
import { parseMerge, sidesOf } from './merge-tree.ts'
import type { ObjectReader } from './objects.ts'
import { fields } from './parse.ts'
import type { Shadow } from './shadow.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

export interface MergeStores {
  readonly objects: Pick<ObjectReader, 'read'>
  readonly trees: Trees
  readonly shadow: Shadow
}

/** Renamed files are followed; a new file stays where it was put, whatever happened to its directory. */
const mergeSettings = ['-c', 'merge.directoryRenames=false', '-c', 'merge.conflictStyle=merge']

export function createMerges(
  bench: Workbench,
  { objects, trees, shadow }: MergeStores,
): Pick<Merging, 'merge' | 'replay' | 'mergeTexts'> {
  const { ask, line } = durably(bench)

  const merge: Merging['merge'] = async (ours, theirs, apart) => {
    const args = ['merge-tree', '--write-tree', '-z', ours, theirs]
    if (apart !== undefined) args.splice(1, 0, '--allow-unrelated-histories')
    const answer = await ask([...mergeSettings, ...args])
    if (/refusing to merge unrelated histories/.test(answer.stderr)) return { kind: 'unrelated' }
    if ((answer.code !== 0 && answer.code !== 1) || answer.fault !== null)
      return { kind: 'failed', failure: failureOf('merge-tree', answer) }
    const { tree, open, renamed } = parseMerge(fields(answer.stdout))
    // Of several, as after merges across each other, any: it only tells an edit from a file that was left alone.
    const base = renamed.length === 0 || apart !== undefined ? null : await line(['merge-base', ours, theirs])
    const asTheyWere = await sidesOf(trees, renamed, { base, ours, theirs })
    const others = open.filter(({ path }) => !renamed.includes(path))
    return { kind: 'merged', tree, open: [...others, ...asTheyWere], sides: { ours, theirs } }
  }

  /** A commit that nobody will ever see, to give `merge-tree` the ancestor that is meant: it takes none by name. */
  const standIn = (tree: Oid, parents: readonly Oid[]): Promise<Oid> => {
    const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-m', 'stand-in', tree]
    return line(args, '', standInPerson)
  }

  const mergeTrees = async (base: Oid, ours: Oid, theirs: Oid): Promise<Merged> => {
    const parent = await standIn(base, [])
    return merge(await standIn(ours, [parent]), await standIn(theirs, [parent]))
  }

  const treeWith = async (path: PathBytes, bytes: Uint8Array): Promise<Oid> => {
    const oid = await line(['hash-object', '-w', '--stdin'], Buffer.from(bytes))
    const built = await shadow.build(null, [{ path, mode: '100644', oid }])
    if (built.kind === 'failed') throw repositoryError(built.failure)
    return built.tree
  }

  return {
    merge,
    replay: async (commit, parent, onto) =>
      mergeTrees(await trees.treeOf(parent), await trees.treeOf(commit), await trees.treeOf(onto)),
    mergeTexts: async (path, { base, ours, theirs }) => {
      const before = await treeWith(path, base)
      const merged = await mergeTrees(before, await treeWith(path, ours), await treeWith(path, theirs))
      if (merged.kind !== 'merged' || merged.open.length > 0) return null
      const entry = (await trees.entriesIn(merged.tree, [path])).get(path)
      return entry === undefined ? null : ((await objects.read(entry.oid))?.bytes ?? null)
    },
  }
}

const standInPerson = {
  GIT_AUTHOR_NAME: 'workspace-sync',
  GIT_AUTHOR_EMAIL: 'workspace-sync',
  GIT_AUTHOR_DATE: '@1 +0000',
  GIT_COMMITTER_NAME: 'workspace-sync',
  GIT_COMMITTER_EMAIL: 'workspace-sync',
  GIT_COMMITTER_DATE: '@1 +0000',
}
