import { makeCommit } from './commit-verbs.ts'
import { durably } from './durably.ts'
import { failureOf } from './failures.ts'
import { createLineage } from './lineage.ts'
import type { Authorship, Merging } from './merge-engine.ts'
import { createMerges, type MergeStores } from './merges.ts'
import { reachedFrom } from './reached.ts'
import { stageFiles } from './staging-area.ts'
import { ignoredPaths } from './work-tree.ts'
import type { Workbench } from './workbench.ts'

export function createMerging(bench: Workbench, stores: MergeStores, advance: Merging['advance']): Merging {
  const { trees, shadow } = stores
  const { ask, line } = durably(bench)
  const lineage = createLineage(bench, trees)
  return {
    ...lineage,
    ...createMerges(bench, stores, lineage),
    advance,
    ignoreFiles: async () => {
      const { ignoreFiles } = await bench.settings.read()
      return reachedFrom(bench.repository.root, { files: ignoreFiles, hooks: [] }, null)
    },
    programs: async (coming) => reachedFrom(bench.repository.root, (await bench.settings.read()).programs, coming),
    ignoredPaths: () => ignoredPaths(bench),
    tree: (base, entries) => shadow.build(base, entries),
    writeBlob: (bytes) => line(['hash-object', '-w', '--stdin'], Buffer.from(bytes)),
    commit: ({ author, ...request }) => makeCommit(bench, request, author === null ? {} : authorEnvironment(author)),
    stage: (commit, paths, attributesChange) => stageFiles(bench, shadow, trees, commit, paths, attributesChange),
    pointRef: async (name, oid) => {
      const args = ['update-ref', '--create-reflog', '-m', 'workspace-sync', name, oid]
      const answer = await bench.claims.during({ refs: [name], to: oid }, () => ask(args))
      return answer.code === 0 ? null : failureOf('update-ref', answer)
    },
  }
}

function authorEnvironment({ name, email, date }: Authorship): Readonly<Record<string, string>> {
  return { GIT_AUTHOR_NAME: name, GIT_AUTHOR_EMAIL: email, GIT_AUTHOR_DATE: `@${date}` }
}
