import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Oid, PathBytes, TreeEntry } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import { readIndexFile, readStageList } from './index-table.ts'
import type { IndexEntry, IndexTable } from './index-table.ts'
import { fields } from './parse.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

const listMaxBytes = 512 * 1024 * 1024

/** Between two turns of the loop. */
const pathsInARow = 1_000

/** About 80 000 files; a larger index is read anew each time. */
const keptBytesMax = 8 * 1024 * 1024

/** The user's index as it lies there now; it is only ever replaced whole. */
export interface UserIndex {
  /** The same table as long as the same index lies there, unless it is too large to be kept. */
  read(): Promise<IndexTable>
  hasUnmerged(): Promise<boolean>
  hasHidden(): Promise<boolean>
}

export function createUserIndex(bench: Workbench): UserIndex {
  const identify = () => bench.disk.identify(bench.repository.indexPath)
  let seen = { fingerprint: '', hasUnmerged: false, hasHidden: false }
  let kept: { readonly fingerprint: string; readonly table: IndexTable } | null = null

  const read = async (): Promise<IndexTable> => {
    const { fingerprint, sizeBytes } = identify() ?? { fingerprint: '', sizeBytes: 0 }
    if (kept?.fingerprint === fingerprint) return kept.table
    const table = await load(bench)
    seen = { fingerprint, hasUnmerged: table.hasUnmerged, hasHidden: table.hasHidden }
    kept = sizeBytes <= keptBytesMax ? { fingerprint, table } : null
    return table
  }
  const known = async () => (seen.fingerprint === (identify()?.fingerprint ?? '') ? seen : read())
  return {
    read,
    hasUnmerged: async () => (await known()).hasUnmerged,
    hasHidden: async () => (await known()).hasHidden,
  }
}

async function load(bench: Workbench): Promise<IndexTable> {
  const bytes = bench.disk.read(bench.repository.indexPath)
  if (bytes === null) return readStageList([])
  const table = readIndexFile(bytes, bench.repository.objectFormat === 'sha1' ? 20 : 32)
  if (table !== null) return table
  const args = ['ls-files', '--stage', '-v', '-z']
  const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.treeMs, outputMaxBytes: listMaxBytes })
  if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('ls-files', answer))
  return readStageList(fields(answer.stdout))
}

export async function stagingOf(
  index: UserIndex,
  trees: Trees,
  base: Oid | null,
  paths: readonly PathBytes[],
): Promise<ReadonlyMap<PathBytes, 'staged' | 'unmerged'>> {
  const [table, entries] = [await index.read(), await trees.entriesAt(base, paths)]
  const found = new Map<PathBytes, 'staged' | 'unmerged'>()
  for (const [at, path] of paths.entries()) {
    if (at % pathsInARow === pathsInARow - 1) await nextTurn()
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
  index: UserIndex,
  trees: Trees,
  base: Oid | null,
  paths: readonly PathBytes[],
): Promise<readonly PathBytes[]> {
  const [table, entries] = [await index.read(), await trees.entriesAt(base, paths)]
  const free = new Set<PathBytes>()
  for (const [at, path] of paths.entries()) {
    if (at % pathsInARow === pathsInARow - 1) await nextTurn()
    if (stagedAs(table.at(path), entries.get(path)) === null) free.add(path)
  }
  const found: PathBytes[] = []
  for (const [at, path] of [...free].entries()) {
    if (at % pathsInARow === pathsInARow - 1) await nextTurn()
    if (table.below(path).every((entry) => free.has(entry.path))) found.push(path)
  }
  return found
}

/** How an index entry differs from what is committed. */
export function stagedAs(found: readonly IndexEntry[], base: TreeEntry | undefined): 'staged' | 'unmerged' | null {
  if (found.some(({ stage }) => stage !== 0)) return 'unmerged'
  const [entry] = found
  const expected = base === undefined || base.mode === '040000' ? undefined : base
  // `git add -N` holds no content that could be lost.
  if (entry === undefined || entry.intentToAdd) return expected === undefined ? null : 'staged'
  // A sparse checkout left it out on purpose: its absence on disk is nobody's deletion.
  if (entry.skipWorktree) return 'staged'
  return entry.mode === expected?.mode && entry.oid === expected.oid ? null : 'staged'
}
