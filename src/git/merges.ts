/** Two sides made one by `git merge-tree`: objects only. */
import type { Oid } from '../types.ts'
import { durably } from './durably.ts'
import { failureOf, repositoryError } from './failures.ts'
import { byPath, type ByPath } from './merge-by-path.ts'
import type { CommitChange, Lineage, Merged, Merging, OpenPath } from './merge-engine.ts'
import { parseMerge } from './merge-tree.ts'
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
  { changesBetween }: Pick<Lineage, 'changesBetween'>,
): Pick<Merging, 'merge' | 'replay' | 'mergeTexts'> {
  const { ask, line } = durably(bench)

  /**
   * Where renames collide, or a file and a directory, git puts its sides together from several files, or under names
   * of its own, and an edit that it merged into one that is then put aside would be in nobody's file: 2.39 cannot be
   * told to leave renames alone. Then each path is merged by itself.
   */
  const merge = async (ours: Oid, theirs: Oid, apart?: 'apart'): Promise<Merged> => {
    const args = ['merge-tree', '--write-tree', '-z', ours, theirs]
    if (apart !== undefined) args.splice(1, 0, '--allow-unrelated-histories')
    const answer = await ask([...mergeSettings, ...args])
    if (/refusing to merge unrelated histories/.test(answer.stderr)) return { kind: 'unrelated' }
    if ((answer.code !== 0 && answer.code !== 1) || answer.fault !== null)
      return { kind: 'failed', failure: failureOf('merge-tree', answer) }
    const { tree, open, isPlain } = parseMerge(fields(answer.stdout))
    if (open.length === 0) return { kind: 'merged', tree, open }
    if (isPlain && (await lieThere(trees, open, ours, theirs))) return { kind: 'merged', tree, open }
    // Of several, as after merges across each other, any: it only tells an edit from a file that was left alone.
    const base = apart === undefined ? await line(['merge-base', ours, theirs]) : null
    const changes = [await changesBetween(base, ours), await changesBetween(base, theirs)] as const
    if (isPlain && open.every(isWritten(...changes))) return { kind: 'merged', tree, open }
    return mergeByPath(ours, byPath(...changes))
  }

  const mergeByPath = async (ours: Oid, { entries, texts, open }: ByPath): Promise<Merged> => {
    const merged = await mergeFiles(texts)
    if (merged.kind !== 'merged') return merged
    const left = new Set(merged.open.map(({ path }) => path))
    const done = texts.flatMap(({ path }) => (left.has(path) ? [] : [path]))
    const settled = [...(await trees.entriesIn(merged.tree, done))].map(([path, entry]) => ({ path, ...entry }))
    const built = await shadow.build(await trees.treeOf(ours), [...entries, ...settled])
    if (built.kind === 'failed') return built
    return { kind: 'merged', tree: built.tree, open: [...open, ...texts.filter(({ path }) => left.has(path))] }
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

  /** Only files that all three have: nothing can be a rename. */
  const mergeFiles = async (files: readonly OpenPath[]): Promise<Merged> => {
    const three: Oid[] = []
    for (const side of ['base', 'ours', 'theirs'] as const) {
      const entries = files.flatMap(({ path, [side]: entry }) => (entry === null ? [] : [{ path, ...entry }]))
      const built = await shadow.build(null, entries)
      if (built.kind === 'failed') return built
      three.push(built.tree)
    }
    const [base = '', ours = '', theirs = ''] = three
    return mergeTrees(base, ours, theirs)
  }

  const written = (bytes: Uint8Array): Promise<Oid> => line(['hash-object', '-w', '--stdin'], Buffer.from(bytes))

  return {
    merge,
    replay: async (commit, parent, onto) =>
      mergeTrees(await trees.treeOf(parent), await trees.treeOf(commit), await trees.treeOf(onto)),
    mergeTexts: async (path, versions) => {
      const file = async (bytes: Uint8Array) => ({ mode: '100644', oid: await written(bytes) }) as const
      const [base, ours, theirs] = [await file(versions.base), await file(versions.ours), await file(versions.theirs)]
      const merged = await mergeFiles([{ path, base, ours, theirs }])
      if (merged.kind === 'failed') throw repositoryError(merged.failure)
      if (merged.kind !== 'merged' || merged.open.length > 0) return null
      const entry = (await trees.entriesIn(merged.tree, [path])).get(path)
      return entry === undefined ? null : ((await objects.read(entry.oid))?.bytes ?? null)
    },
  }
}

/** Whether each side of an open path lies at that very path in its commit: nobody renamed it. */
async function lieThere(trees: Trees, open: readonly OpenPath[], ours: Oid, theirs: Oid): Promise<boolean> {
  const paths = open.map(({ path }) => path)
  const [mine, other] = [await trees.entriesAt(ours, paths), await trees.entriesAt(theirs, paths)]
  return open.every((one) => {
    return mine.get(one.path)?.oid === one.ours?.oid && other.get(one.path)?.oid === one.theirs?.oid
  })
}

/** Whether what git calls the sides of a path is what somebody wrote, and not a merge of git's own. */
function isWritten(mine: readonly CommitChange[], other: readonly CommitChange[]): (open: OpenPath) => boolean {
  const before = new Set([...mine, ...other].map((change) => change.before?.oid))
  const [ours, theirs] = [mine, other].map((side) => new Set(side.map(({ after }) => after?.oid)))
  const isOf = (oids: ReadonlySet<Oid | undefined> | undefined, oid: Oid | undefined): boolean =>
    oid === undefined || before.has(oid) || oids?.has(oid) === true
  return (open) => isOf(ours, open.ours?.oid) && isOf(theirs, open.theirs?.oid)
}

const standInPerson = {
  GIT_AUTHOR_NAME: 'workspace-sync',
  GIT_AUTHOR_EMAIL: 'workspace-sync',
  GIT_AUTHOR_DATE: '@1 +0000',
  GIT_COMMITTER_NAME: 'workspace-sync',
  GIT_COMMITTER_EMAIL: 'workspace-sync',
  GIT_COMMITTER_DATE: '@1 +0000',
}
