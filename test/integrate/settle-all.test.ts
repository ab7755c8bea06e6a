import { expect, test } from 'vitest'
import type { GitEngine, OpenPath } from '../../src/git/git.ts'
import { settleAll } from '../../src/integrate/settle-all.ts'
import { pathBytes, type PlanEntry, type TreeEntry } from '../../src/types.ts'

/** Ids that say what they are of. */
const file = (name: string): TreeEntry => ({ mode: '100644', oid: name.padEnd(40, '0') })
const open = (path: string, base: TreeEntry | null, ours: TreeEntry | null, theirs: TreeEntry | null): OpenPath => ({
  path: pathBytes(path),
  base,
  ours,
  theirs,
})
const fought = (path: string): OpenPath => open(path, file('b'), file(`ours${path}`), file(`theirs${path}`))

/** Trees in memory. One that has a file and something below it is none. */
function treesOf(first: readonly string[]) {
  const trees = [new Map<string, TreeEntry>(first.map((path) => [path, file(path)]))]
  const at = (tree: string): Map<string, TreeEntry> => trees[Number(tree)] ?? new Map<string, TreeEntry>()
  const merging = {
    mergeTexts: async () => null,
    entriesIn: async (tree: string, paths: readonly string[]) => {
      const names = [...at(tree).keys()]
      const lies = (path: string) =>
        at(tree).get(path) ?? (names.some((name) => name.startsWith(`${path}/`)) ? { mode: '040000' } : null)
      return new Map(paths.flatMap((path) => (lies(path) === null ? [] : [[path, lies(path)]])))
    },
    tree: async (base: string, entries: readonly PlanEntry[]) => {
      const made = new Map(at(base))
      for (const { path, mode, oid } of entries) {
        if (mode === null) made.delete(path)
        else made.set(path, { mode, oid })
      }
      for (const path of made.keys())
        for (const other of made.keys()) if (other.startsWith(`${path}/`)) throw new Error(`${path} and ${other}`)
      trees.push(made)
      return { kind: 'tree', tree: String(trees.length - 1), isWhole: true }
    },
  }
  const engine = { merging, readBlob: async () => null } as unknown as GitEngine
  return { engine, files: (tree: string) => Object.fromEntries([...at(tree)].map(([path, { oid }]) => [path, oid])) }
}

async function settled(first: readonly string[], all: readonly OpenPath[]) {
  const { engine, files } = treesOf(first)
  const documents = { alike: () => false, levelled: () => null }
  const made = await settleAll(engine, { kind: 'merged', tree: '0', open: all }, documents)
  if ('kind' in made) throw new Error(made.kind)
  return {
    files: files(made.tree),
    conflicts: made.conflicts.map(({ path, kept, taken }) => [path, kept.oid, taken?.oid ?? null]),
  }
}

const id = (name: string): string => file(name).oid
const beside = (path: string, name: string): string => `${path}~${id(name).slice(0, 10)}`

test('where a directory lies in its place, theirs lies beside it and ours is kept; other conflicts are told as well', async () => {
  expect(await settled(['d/x'], [fought('d'), fought('e')])).toEqual({
    files: { 'd/x': id('d/x'), e: id('theirse'), [beside('d', 'theirsd')]: id('theirsd') },
    conflicts: [
      ['e', id('ourse'), id('theirse')],
      ['d', id('oursd'), null],
    ],
  })
})

test('a file that only ours has, and in whose place a directory lies, is kept', async () => {
  expect(await settled(['d/x'], [open('d', file('b'), file('ours'), null)])).toEqual({
    files: { 'd/x': id('d/x') },
    conflicts: [['d', id('ours'), null]],
  })
})

test('of two that are open, one below the other, the upper one lies beside the directory', async () => {
  expect(await settled([], [open('a', null, null, file('up')), open('a/b', null, null, file('down'))])).toEqual({
    files: { 'a/b': id('down'), [beside('a', 'up')]: id('up') },
    conflicts: [],
  })
})

test('where a file lies in the place of its directory, theirs lies beside that file', async () => {
  expect(await settled(['p'], [open('p/q/x', null, null, file('deep'))])).toEqual({
    files: { p: id('p'), [beside('p', 'deep')]: id('deep') },
    conflicts: [],
  })
})
