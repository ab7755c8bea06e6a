import type { Failure, Oid, PathBytes } from '../types.ts'
import { literalPaths } from './environment.ts'
import { failureOf } from './failures.ts'
import { hiddenAmong, type Hidden } from './hidden.ts'
import type { JournalEntry } from './journal-entry.ts'
import type { Trees } from './trees.ts'
import type { UserIndex } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/** Entries from which git looks away and that are as in `base`: they move on too, and it goes on looking away. */
export async function hiddenRefreshable(
  index: UserIndex,
  trees: Trees,
  base: Oid | null,
  paths: readonly PathBytes[],
): Promise<ReadonlyMap<PathBytes, Hidden>> {
  const table = await index.read()
  if (!table.hasHidden) return new Map()
  const found = hiddenAmong(table, paths)
  if (found.size === 0) return found
  const entries = await trees.entriesAt(base, [...found.keys()])
  return new Map(
    [...found].filter(([path]) => {
      const [at] = table.at(path)
      const before = entries.get(path)
      return at?.mode === before?.mode && at?.oid === before?.oid
    }),
  )
}

export async function moveHidden(
  bench: Workbench,
  trees: Trees,
  copy: string,
  { commit }: JournalEntry,
  looksAway: ReadonlyMap<PathBytes, Hidden>,
): Promise<Failure | null> {
  if (looksAway.size === 0) return null
  const there = await trees.entriesAt(commit, [...looksAway.keys()])
  // What is a directory now is no file any more.
  const entries = new Map([...there].filter(([, { mode }]) => mode !== '040000'))
  const zeros = '0'.repeat(commit.length)
  const lines = [...looksAway.keys()].map((path) => {
    const after = entries.get(path)
    return after === undefined ? `0 ${zeros}\t${path}\0` : `${after.mode} ${after.oid}\t${path}\0`
  })
  const update = (args: readonly string[], input: string) =>
    bench.git.run({
      args: ['-c', 'core.hooksPath=/dev/null', 'update-index', '-z', ...args],
      input: Buffer.from(input, 'latin1'),
      environment: { ...literalPaths, GIT_INDEX_FILE: copy },
      deadlineMs: bench.deadlines.treeMs,
    })
  const info = await update(['--index-info'], lines.join(''))
  if (info.code !== 0) return failureOf('update-index', info)
  for (const [kind, option] of lookAwayOptions) {
    const marked = [...looksAway]
      .filter(([path, one]) => one === kind && entries.has(path))
      .map(([path]) => `${path}\0`)
    if (marked.length === 0) continue
    const answer = await update([option, '--stdin'], marked.join(''))
    if (answer.code !== 0) return failureOf('update-index', answer)
  }
  return null
}

const lookAwayOptions = [
  ['left-out', '--skip-worktree'],
  ['assumed-unchanged', '--assume-unchanged'],
] as const
