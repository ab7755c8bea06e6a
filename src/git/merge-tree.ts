/** What `git merge-tree -z` answers (git-merge-tree(1), "OUTPUT"). */
import type { FileMode, Oid, PathBytes, TreeEntry } from '../types.ts'
import type { OpenPath } from './merge-engine.ts'

interface MergeAnswer {
  readonly tree: Oid
  readonly open: readonly OpenPath[]
  /** Each open path was changed at that path on both sides, as far as the messages say. */
  readonly isPlain: boolean
}

export function parseMerge([tree = '', ...rest]: readonly string[]): MergeAnswer {
  const end = rest.indexOf('')
  const stages = end < 0 ? rest : rest.slice(0, end)
  const kinds = end < 0 ? [] : kindsOf(rest.slice(end + 1))
  return { tree, open: openPaths(stages), isPlain: !kinds.some((kind) => /rename|directory|distinct/.test(kind)) }
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
function kindsOf(messages: readonly string[]): readonly string[] {
  const kinds: string[] = []
  for (let at = 0; at < messages.length;) {
    const kindAt = at + 1 + Number(messages[at])
    if (!Number.isSafeInteger(kindAt)) break
    kinds.push(messages[kindAt] ?? '')
    at = kindAt + 2
  }
  return kinds
}
