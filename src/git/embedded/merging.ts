import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Oid, PathBytes } from '../../types.ts'
import { repositoryError } from '../failures.ts'
import { readRef } from '../heads.ts'
import type { Merging } from '../merge-engine.ts'
import { reachedFrom } from '../reached.ts'
import { namedInReflog } from '../reflog.ts'
import type { Shadow } from '../shadow.ts'
import { lastShared, takenAlike } from './alike.ts'
import { entryConditions } from './conditions.ts'
import type { Condition } from './conditions.ts'
import { isForbiddenName } from './names.ts'
import { conditionFailure, needsGit } from './needs-git.ts'
import { moveRef } from './refs.ts'
import { onDisk } from './stat.ts'
import { treeChanges } from './tree-objects.ts'
import type { EmbeddedParts, EmbeddedVerbs } from './verbs.ts'
import { walkNow } from './work-tree.ts'

/**
 * Going on to what the remote has is done here, also where the same was committed here and there. Merging two histories
 * is git's alone, and is refused by that name.
 */
export function createEmbeddedMerging(
  parts: EmbeddedParts,
  verbs: EmbeddedVerbs,
  shadow: Shadow,
  advance: Merging['advance'],
): Merging {
  const { bench, objects, commits, trees } = parts
  const apart = needsGit('this branch and the remote went apart, and only git merges them')
  return {
    advance: async (move, journal, bring) => {
      const condition = parts.conditions()[0] ?? (await conditionOf(parts, move.commit))
      if (condition !== null) return { kind: 'failed', failure: conditionFailure(condition) }
      return advance(move, journal, bring)
    },
    merge: async (ours, theirs) => {
      const base = await lastShared(parts, ours, theirs)
      const alike = base === null ? null : await takenAlike(parts, base, { ours, theirs })
      return alike ?? { kind: 'failed', failure: apart }
    },
    replay: async (commit, parent, onto) =>
      (await takenAlike(parts, parent, { ours: commit, theirs: onto })) ?? { kind: 'failed', failure: apart },
    mergeTexts: async () => null,
    ignoreFiles: async () => {
      const { ignoreFiles } = await bench.settings.read()
      return reachedFrom(bench.repository.root, { files: ignoreFiles, hooks: [] }, null)
    },
    programs: async (coming) => reachedFrom(bench.repository.root, (await bench.settings.read()).programs, coming),
    ignoredPaths: async () => {
      const { ignoredDirectories, ignoredFiles } = await walkNow(parts)
      return [...ignoredDirectories, ...ignoredFiles]
    },
    treeOf: (commit) => trees.treeOf(commit),
    entriesIn: (tree, paths) => trees.entriesIn(tree, paths),
    changesBetween: async (from, to) =>
      treeChanges(objects, from === null ? null : await trees.treeOf(from), await trees.treeOf(to)),
    commitsBetween: async (without, tip, max) => {
      const found: Oid[] = []
      for await (const { oid } of commits.walk([tip], [without])) {
        found.push(oid)
        if (found.length >= max) break
      }
      return found.toReversed()
    },
    messageOf: async (oid) => {
      const { author, message } = await commits.read(oid)
      const [, name = '', email = '', date = ''] = /^(.*?) ?<([^>]*)> (.*)$/s.exec(author) ?? []
      return { message, author: { name, email, date } }
    },
    wereHere: async (ref, asked) => namedInReflog(bench, ref, asked),
    tree: (base, entries) => shadow.build(base, entries),
    writeBlob: (bytes) => objects.write('blob', bytes),
    commit: ({ tree, parents, message, author }) => verbs.commitBy(tree, parents, message, author),
    stage: (commit, paths) => stage(parts, commit, paths),
    pointRef: async (ref, to) => {
      for (let tries = 0; ; tries += 1) {
        const move = { ref, from: readRef(bench, ref), to, reason: 'workspace-sync' }
        const moved = await moveRef(bench, parts.environment, move)
        if (moved === 'done') return null
        if (moved !== 'moved') return moved
        if (tries === pointTriesMax) return { ...movedOn, detail: `${ref} moves all the time` }
      }
    },
  }
}

const pointTriesMax = 5
const movedOn = { name: 'locked', hint: 'nothing to do: it is tried again', heals: 'backoff' } as const

/** What would be refused once it is here came with the commit itself, and no probe of this clone has seen it. */
async function conditionOf({ objects, trees }: EmbeddedParts, commit: Oid): Promise<Condition | null> {
  const files = await treeChanges(objects, null, await trees.treeOf(commit))
  const [condition] = entryConditions(
    files.flatMap(({ path, after }) => (after === null ? [] : [{ path, rawMode: Number.parseInt(after.mode, 8) }])),
  )
  return condition === undefined ? null : { ...condition, detail: `with what the remote has ${condition.detail}` }
}

/** Into an empty directory of ours; what it means to the work tree is somebody else's to decide. */
async function stage(parts: EmbeddedParts, commit: Oid, paths: readonly PathBytes[]): Promise<string> {
  const { bench, objects, trees } = parts
  const directory = join(bench.repository.stateDir, 'incoming')
  await bench.disk.removeTree(directory)
  bench.disk.makeDirectory(directory)
  const entries = await trees.entriesAt(commit, paths)
  const condition = await conditionOf(parts, commit)
  if (condition !== null) throw repositoryError(conditionFailure(condition))
  for (const [path, { mode, oid }] of entries) {
    if (isForbiddenName(path)) throw repositoryError(needsGit('the remote has a name that no work tree may hold'))
    const object = mode === '040000' || mode === '160000' ? null : await objects.read(oid)
    if (object === null) throw repositoryError(needsGit('the remote has a submodule, or an object is missing'))
    const place = onDisk(directory, path)
    mkdirSync(dirname(place.toString('utf8')), { recursive: true })
    if (mode === '120000') symlinkSync(object.bytes, place)
    else {
      writeFileSync(place, object.bytes, { flag: 'wx' })
      chmodSync(place, mode === '100755' ? 0o755 : 0o644)
    }
  }
  return directory
}
