import type { Oid, PathBytes, TreeEntry } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import { readIndexFile, readStageList } from './index-table.ts'
import type { IndexEntry, IndexTable } from './index-table.ts'
import { fields } from './parse.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

const listMaxBytes = 512 * 1024 * 1024

/** The user's index as it lies there now; it is only ever replaced whole. */
export async function readUserIndex(bench: Workbench): Promise<IndexTable> {
  const bytes = bench.disk.read(bench.repository.indexPath)
  if (bytes === null) return readStageList([])
  const table = readIndexFile(bytes, bench.repository.objectFormat === 'sha1' ? 20 : 32)
  if (table !== null) return table
  const args = ['ls-files', '--stage', '-z']
  const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.treeMs, outputMaxBytes: listMaxBytes })
  if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('ls-files', answer))
  return readStageList(fields(answer.stdout))
}

export async function stagingOf(
  bench: Workbench,
  trees: Trees,
  base: Oid | null,
  paths: readonly PathBytes[],
): Promise<ReadonlyMap<PathBytes, 'staged' | 'unmerged'>> {
  const [table, entries] = [await readUserIndex(bench), await trees.entriesAt(base, paths)]
  const found = new Map<PathBytes, 'staged' | 'unmerged'>()
  for (const path of paths) {
    const kind = stagedAs(table.at(path), entries.get(path))
    if (kind !== null) found.set(path, kind)
  }
  return found
}

/**
 * The paths whose index entries may be moved on to a new commit: they are as in `base`, and so is all below them (a
 * directory that becomes a file takes its entries along).
 */
export async function refreshable(
  bench: Workbench,
  trees: Trees,
  base: Oid | null,
  paths: readonly PathBytes[],
): Promise<readonly PathBytes[]> {
  const [table, entries] = [await readUserIndex(bench), await trees.entriesAt(base, paths)]
  const free = new Set(paths.filter((path) => stagedAs(table.at(path), entries.get(path)) === null))
  return [...free].filter((path) => table.below(path).every((entry) => free.has(entry.path)))
}

function stagedAs(found: readonly IndexEntry[], base: TreeEntry | undefined): 'staged' | 'unmerged' | null {
  if (found.some(({ stage }) => stage !== 0)) return 'unmerged'
  const [entry] = found
  const expected = base === undefined || base.mode === '040000' ? undefined : base
  // `git add -N` holds no content that could be lost.
  if (entry === undefined || entry.intentToAdd) return expected === undefined ? null : 'staged'
  // A sparse checkout left it out on purpose: its absence on disk is nobody's deletion.
  if (entry.skipWorktree) return 'staged'
  return entry.mode === expected?.mode && entry.oid === expected.oid ? null : 'staged'
}
