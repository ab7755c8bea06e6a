import type { Oid, PathBytes } from '../../types.ts'
import type { AutomaticCommit, History } from '../engine.ts'
import { readRef } from '../heads.ts'
import { trackedBy } from '../upstream.ts'
import type { CommitObject } from './commits.ts'
import { resolveName } from './commit-names.ts'
import { summaryOf } from './summary.ts'
import { treeChanges } from './tree-objects.ts'
import type { EmbeddedParts } from './verbs.ts'

/** Commits ahead of the remote that are told apart one by one; with more of them nothing is said. */
const unpushedMax = 10_000
export function createEmbeddedHistory(parts: EmbeddedParts): History {
  const { objects, commits, trees } = parts
  const touches = async (commit: CommitObject, paths: readonly PathBytes[]): Promise<boolean> => {
    if (paths.length === 0 || paths.includes('' as PathBytes)) return true
    const now = await trees.entriesIn(commit.tree, paths)
    const parents = commit.parents.length === 0 ? [null] : commit.parents
    // A merge that took one side as it was did nothing itself.
    for (const parent of parents) {
      const before = await trees.entriesAt(parent, paths)
      if (paths.every((path) => isSame(before.get(path), now.get(path)))) return false
    }
    return true
  }

  const automatic = async (
    tip: Oid,
    max: number,
    isWanted: (commit: CommitObject, summary: AutomaticCommit) => boolean | Promise<boolean>,
  ): Promise<readonly AutomaticCommit[]> => {
    const found: AutomaticCommit[] = []
    for await (const commit of commits.walk([tip], [])) {
      const summary = summaryOf(commit)
      if (summary.id === null) continue
      const own = { ...summary, id: summary.id }
      if (await isWanted(commit, own)) found.push(own)
      if (found.length >= max) break
    }
    return found
  }

  return {
    automaticCommits: (tip, paths, max) => automatic(tip, max, (commit) => touches(commit, paths)),
    lastOfClone: async (tip, hosts) => {
      const [last] = await automatic(tip, 1, (_, { host }) => host !== null && hosts.includes(host))
      return last ?? null
    },
    commit: async (name) => {
      const oid = await resolveName(parts, name)
      return oid === null ? null : summaryOf(await commits.read(oid))
    },
    changesOf: async (oid) => {
      const { tree, parents } = await commits.read(oid)
      if (parents.length > 1) return []
      return treeChanges(objects, parents[0] === undefined ? null : await trees.treeOf(parents[0]), tree)
    },
    renamesIn: async (oid) => {
      const { tree, parents } = await commits.read(oid)
      if (parents.length > 1) return []
      const changes = await treeChanges(objects, parents[0] === undefined ? null : await trees.treeOf(parents[0]), tree)
      const gone = new Map(changes.flatMap(({ path, before, after }) => (before && !after ? [[before.oid, path]] : [])))
      return changes.flatMap(({ path, before, after }) => {
        const from = before === null && after !== null ? gone.get(after.oid) : undefined
        return from === undefined ? [] : [{ from, to: path }]
      })
    },
    isAncestor: async (commit, tip) =>
      (await objects.has(commit)) && (await objects.has(tip)) && commits.isAncestor(commit, tip),
    unpushed: (ref) => unpushedOf(parts, ref),
  }
}

function isSame(one: { mode: string; oid: Oid } | undefined, other: { mode: string; oid: Oid } | undefined): boolean {
  return one?.mode === other?.mode && one?.oid === other?.oid
}

/** What the upstream, as last seen, lacks. */
async function unpushedOf({ bench, commits }: EmbeddedParts, ref: string): Promise<ReadonlySet<Oid> | null> {
  const config = await bench.settings.read()
  const branch = ref.replace(/^refs\/heads\//, '')
  const [remote, merge] = [config.one(`branch.${branch}.remote`), config.one(`branch.${branch}.merge`)]
  const [tracking] = merge === null ? [] : trackedBy(config.all(`remote.${remote}.fetch`), merge)
  const [tip, seen] = [readRef(bench, ref), tracking === undefined ? null : readRef(bench, tracking)]
  if (tip === null || seen === null) return null
  const found = new Set<Oid>()
  for await (const { oid } of commits.walk([tip], [seen])) {
    found.add(oid)
    if (found.size > unpushedMax) return null
  }
  return found
}
