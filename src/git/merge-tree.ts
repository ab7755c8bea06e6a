/** What `git merge-tree -z` answers (git-merge-tree(1), "OUTPUT"). */
import type { FileMode, Oid, PathBytes, TreeEntry } from '../types.ts'
import type { OpenPath } from './merge-engine.ts'
import type { Trees } from './trees.ts'

interface MergeAnswer {
  readonly tree: Oid
  readonly open: readonly OpenPath[]
  /** Paths of renames that went apart: what git calls their sides it has put together, conflict markers and all. */
  readonly renamed: readonly PathBytes[]
}

export function parseMerge([tree = '', ...rest]: readonly string[]): MergeAnswer {
  const end = rest.indexOf('')
  const stages = end < 0 ? rest : rest.slice(0, end)
  return { tree, open: openPaths(stages), renamed: renamedPaths(end < 0 ? [] : rest.slice(end + 1)) }
}

/** "mode oid stage TAB path", a field for each side that has something. */
function openPaths(lines: readonly string[]): readonly OpenPath[] {
  const found = new Map<string, { base: TreeEntry | null; ours: TreeEntry | null; theirs: TreeEntry | null }>()
  for (const line of lines) {
    const tab = line.indexOf('\t')
    if (tab < 0) continue
    const [mode = '', oid = '', stage = ''] = line.slice(0, tab).split(' ')
    const path = line.slice(tab + 1)
    const sides = found.get(path) ?? { base: null, ours: null, theirs: null }
    const side = stage === '1' ? 'base' : stage === '2' ? 'ours' : 'theirs'
    sides[side] = { mode: mode as FileMode, oid }
    found.set(path, sides)
  }
  return [...found].map(([path, sides]) => ({ path: path as PathBytes, ...sides }))
}

/** Messages: how many paths, the paths, a kind that stays the same between versions, a text for people. */
function renamedPaths(messages: readonly string[]): readonly PathBytes[] {
  const found = new Set<string>()
  let at = 0
  while (at < messages.length) {
    const kindAt = at + 1 + Number(messages[at])
    if (!Number.isSafeInteger(kindAt)) break
    const kind = messages[kindAt] ?? ''
    if (/^CONFLICT \(.*rename/.test(kind)) for (const path of messages.slice(at + 1, kindAt)) found.add(path)
    at = kindAt + 2
  }
  return [...found] as PathBytes[]
}

/** What the merged commits themselves have at these paths. @param base null: they have nothing in common */
export async function sidesOf(
  trees: Trees,
  paths: readonly PathBytes[],
  commits: { readonly base: Oid | null; readonly ours: Oid; readonly theirs: Oid },
): Promise<readonly OpenPath[]> {
  if (paths.length === 0) return []
  const [base, ours, theirs] = await Promise.all([
    trees.entriesAt(commits.base, paths),
    trees.entriesAt(commits.ours, paths),
    trees.entriesAt(commits.theirs, paths),
  ])
  return paths.map((path) => ({
    path,
    base: fileOf(base.get(path)),
    ours: fileOf(ours.get(path)),
    theirs: fileOf(theirs.get(path)),
  }))
}

/** What is in a directory is merged by its own paths. */
function fileOf(entry: TreeEntry | undefined): TreeEntry | null {
  return entry === undefined || entry.mode === '040000' ? null : entry
}
