import type { Oid } from '../types.ts'
import { makeCommit } from './commit-verbs.ts'
import { failureOf, repositoryError } from './failures.ts'
import { createLineage } from './lineage.ts'
import type { Authorship, Merging } from './merge-engine.ts'
import { parseMerge, sidesOf } from './merge-tree.ts'
import { fields } from './parse.ts'
import { reachedFrom } from './reached.ts'
import type { GitAnswer } from './run.ts'
import type { Shadow } from './shadow.ts'
import { stageFiles } from './staging-area.ts'
import type { Trees } from './trees.ts'
import { ignoredPaths } from './work-tree.ts'
import { durable } from './workbench.ts'
import type { Workbench } from './workbench.ts'

/** Renamed files are followed; a new file stays where it was put, whatever happened to its directory. */
const mergeSettings = ['-c', 'merge.directoryRenames=false', '-c', 'merge.conflictStyle=merge']

export function createMerging(bench: Workbench, trees: Trees, shadow: Shadow, advance: Merging['advance']): Merging {
  const ask = (
    args: readonly string[],
    input: Buffer | string = '',
    environment: Readonly<Record<string, string>> = {},
  ): Promise<GitAnswer> =>
    bench.git.run({ args: [...durable, ...args], input, environment, deadlineMs: bench.deadlines.treeMs })
  const demand = async (args: readonly string[], input: Buffer | string = ''): Promise<GitAnswer> => {
    const answer = await ask(args, input)
    if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf(args[0] ?? '', answer))
    return answer
  }
  const oneLine = ({ stdout }: GitAnswer): string => stdout.toString('latin1').trim()

  const merge: Merging['merge'] = async (ours, theirs, apart) => {
    const args = ['merge-tree', '--write-tree', '-z', ours, theirs]
    if (apart !== undefined) args.splice(1, 0, '--allow-unrelated-histories')
    const answer = await ask([...mergeSettings, ...args])
    if (/refusing to merge unrelated histories/.test(answer.stderr)) return { kind: 'unrelated' }
    if ((answer.code !== 0 && answer.code !== 1) || answer.fault !== null)
      return { kind: 'failed', failure: failureOf('merge-tree', answer) }
    const { tree, open, renamed } = parseMerge(fields(answer.stdout))
    const base = renamed.length === 0 || apart !== undefined ? null : await baseOf(ours, theirs)
    const asTheyWere = await sidesOf(trees, renamed, { base, ours, theirs })
    const others = open.filter(({ path }) => !renamed.includes(path))
    return { kind: 'merged', tree, open: [...others, ...asTheyWere], sides: { ours, theirs } }
  }

  /** Of several, as after merges across each other, any: it only tells an edit from a file that was left alone. */
  const baseOf = async (ours: Oid, theirs: Oid): Promise<Oid> => oneLine(await demand(['merge-base', ours, theirs]))

  /** A commit that nobody will ever see, to give `merge-tree` the ancestor that is meant: it takes none by name. */
  const standIn = async (tree: Oid, parents: readonly Oid[]): Promise<Oid> => {
    const args = ['commit-tree', ...parents.flatMap((parent) => ['-p', parent]), '-m', 'stand-in', tree]
    const answer = await ask(args, '', standInPerson)
    if (answer.code !== 0) throw repositoryError(failureOf('commit-tree', answer))
    return oneLine(answer)
  }

  return {
    ...createLineage(bench, trees),
    merge,
    advance,
    replay: async (commit, parent, onto) => {
      const base = await standIn(await trees.treeOf(parent), [])
      const ours = await standIn(await trees.treeOf(commit), [base])
      return merge(ours, await standIn(await trees.treeOf(onto), [base]))
    },
    ignoreFiles: async () => {
      const { ignoreFiles } = await bench.settings.read()
      return reachedFrom(bench.repository.root, { files: ignoreFiles, hooks: [] }, null)
    },
    programs: async (coming) => reachedFrom(bench.repository.root, (await bench.settings.read()).programs, coming),
    ignoredPaths: () => ignoredPaths(bench),
    tree: (base, entries) => shadow.build(base, entries),
    writeBlob: async (bytes) => oneLine(await demand(['hash-object', '-w', '--stdin'], Buffer.from(bytes))),
    commit: ({ author, ...request }) => makeCommit(bench, request, author === null ? {} : authorEnvironment(author)),
    stage: (commit, paths, attributesChange) => stageFiles(bench, shadow, trees, commit, paths, attributesChange),
    pointRef: async (name, oid) => {
      const args = ['update-ref', '--create-reflog', '-m', 'workspace-sync', name, oid]
      const answer = await bench.claims.during({ refs: [name], to: oid }, () => ask(args))
      return answer.code === 0 ? null : failureOf('update-ref', answer)
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

function authorEnvironment({ name, email, date }: Authorship): Readonly<Record<string, string>> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${date}` }
}
