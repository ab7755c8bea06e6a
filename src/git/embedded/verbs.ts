import { errnoOf } from '../../errors.ts'
import type { Failure, Oid, PathBytes } from '../../types.ts'
import type { CommitVerbs } from '../commit-verbs.ts'
import { readRef } from '../heads.ts'
import type { Authorship } from '../merge-engine.ts'
import type { Trees } from '../trees.ts'
import type { Workbench } from '../workbench.ts'
import type { Commits } from './commits.ts'
import type { Condition } from './conditions.ts'
import { identityOf, noIdentity, stampOf } from './identity.ts'
import { doubted, editedIndex, readWholeIndex } from './index-file.ts'
import type { IndexEdit, IndexFile, IndexFileEntry, IndexStat } from './index-file.ts'
import { isForbiddenName } from './names.ts'
import { conditionFailure } from './needs-git.ts'
import type { Objects } from './objects.ts'
import { moveRef } from './refs.ts'
import { indexStatOf, onDisk, statAt } from './stat.ts'

export interface EmbeddedParts {
  readonly bench: Workbench
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly objects: Objects
  readonly commits: Commits
  readonly trees: Trees
  /** What makes the repository, as it is now, one for git only. */
  readonly conditions: () => readonly Condition[]
}

export interface EmbeddedVerbs extends CommitVerbs {
  commitBy(
    tree: Oid,
    parents: readonly Oid[],
    message: string,
    author: Authorship | null,
  ): Promise<{ readonly oid: Oid } | Failure>
}

export function createEmbeddedVerbs(parts: EmbeddedParts): EmbeddedVerbs {
  const { bench, environment, objects, commits, conditions } = parts
  const commitBy: EmbeddedVerbs['commitBy'] = async (tree, parents, message, author) => {
    const [condition] = conditions()
    if (condition !== undefined) return conditionFailure(condition)
    const config = await bench.settings.read()
    const [by, committer] = [identityOf(config, environment, 'author'), identityOf(config, environment, 'committer')]
    if (by === null || committer === null) return noIdentity
    const stamp = stampOf(bench)
    const wrote = author === null ? `${by} ${stamp}` : `${author.name} <${author.email}> ${author.date}`
    const lines = [`tree ${tree}`, ...parents.map((oid) => `parent ${oid}`), `author ${wrote}`]
    const text = `${lines.join('\n')}\ncommitter ${committer} ${stamp}\n\n${message}`
    return { oid: await objects.write('commit', Buffer.from(text.endsWith('\n') ? text : `${text}\n`)) }
  }
  return {
    refusedName: (path) =>
      isForbiddenName(path)
        ? 'git refuses this name: rename it'
        : 'without git this name cannot be kept: rename it, or install git',
    commitBy,
    commitTree: (tree, parents, message) => commitBy(tree, parents, message, null),
    moveRef: (move) => moveRef(bench, environment, move),
    renewIndex: (copy, commit, paths) => renewIndex(parts, copy, commit, paths),
    branchHas: async (ref, commit) => {
      const tip = readRef(bench, ref)
      return tip !== null && (await objects.has(commit)) && commits.isAncestor(commit, tip)
    },
  }
}

/** Old names first: an entry below a path that becomes a file goes with it. */
async function renewIndex(
  { bench, objects, trees }: EmbeddedParts,
  copy: string,
  commit: Oid,
  paths: readonly PathBytes[],
): Promise<Failure | null> {
  const begunAtMs = bench.clock.nowMs()
  const bytes = bench.disk.read(copy)
  const reading = bytes === null ? null : readWholeIndex(bytes)
  if (reading !== null && reading.kind !== 'index') {
    return conditionFailure({ name: 'index', detail: 'its index cannot be read without git' })
  }
  const entries = await trees.entriesAt(commit, paths)
  const edits: IndexEdit[] = []
  for (const path of paths) {
    const entry = entries.get(path)
    if (entry === undefined || entry.mode === '040000') edits.push({ path, entry: null })
    else edits.push({ path, entry: { ...entry, stat: await provenStat(bench, objects, path, entry.oid) } })
  }
  const kept = reading === null ? null : await withoutRacy(bench, objects, copy, reading.index)
  bench.disk.remove(copy)
  bench.disk.create(copy, editedIndex(kept, edits), 0o644)
  // What was written while we looked is younger than the index, and so is looked at again.
  bench.disk.touch(copy, begunAtMs - fileClockMs)
  return null
}

/** A file system's clock may be a little behind. */
const fileClockMs = 1_000

/** Files as young as the index may have been written once more since; after it is written anew that is not seen. */
async function withoutRacy(bench: Workbench, objects: Objects, copy: string, index: IndexFile): Promise<IndexFile> {
  const writtenSeconds = Math.floor((bench.disk.identify(copy)?.modifiedAtMs ?? 0) / 1_000)
  const entries: IndexFileEntry[] = []
  for (const entry of index.entries) {
    const isRacy = entry.stat.modifiedSeconds >= writtenSeconds && entry.stat.sizeBytes > 0
    const isProven = !isRacy || (await provenStat(bench, objects, entry.path, entry.oid)) !== null
    entries.push(isProven ? entry : doubted(entry))
  }
  return { ...index, entries }
}

/** The stat of a file that holds exactly these bytes, looked at before and after they were read; null: others. */
async function provenStat(bench: Workbench, objects: Objects, path: PathBytes, oid: Oid): Promise<IndexStat | null> {
  const place = onDisk(bench.repository.root, path)
  const kept = await objects.read(oid)
  try {
    const before = bench.disk.identify(place)
    // By the size first: the file may be larger than what can be read.
    if (before === null || before.kind === 'other' || kept?.bytes.length !== before.sizeBytes) return null
    const now = before.kind === 'link' ? bench.disk.readLink(place) : bench.disk.read(place)
    if (now === null || !kept.bytes.equals(now)) return null
    if (bench.disk.identify(place)?.fingerprint !== before.fingerprint) return null
  } catch (error) {
    // In a directory that may not be entered nothing can be proven.
    if (errnoOf(error) === 'EACCES') return null
    throw error
  }
  const stat = statAt(bench.repository.root, path)
  return stat === null ? null : indexStatOf(stat)
}
