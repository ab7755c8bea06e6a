import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { mergedFiles, type Files, type MergedFiles } from '../support/merged-trees.ts'
import { openEngine } from '../support/open-engine.ts'
import { diceOf, drawSeed, type Dice } from '../support/seed.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

vi.setConfig({ testTimeout: 120_000 })

let repo: TempRepo
let engine: GitEngine

beforeAll(async () => {
  repo = makeRepo({ z: 'z\n' })
  engine = await openEngine(repo)
})

afterAll(async () => {
  await engine.close()
  repo.dispose()
})

const lines = (name: string, edit = '5'): string =>
  Array.from({ length: 30 }, (_, at) => `${name} ${at === 5 ? edit : at}\n`).join('')

/** Every edit is in the tree, or, if it is ours, kept; and what the remote had is in the tree. */
function expectAll({ files, conflicts }: MergedFiles, mine: readonly string[], other: readonly string[]): void {
  const there = Object.values(files).join('\n')
  const kept = conflicts.map((conflict) => conflict.kept).join('\n')
  expect(there).not.toContain('<<<<<<<')
  for (const edit of other) expect(there, 'the remote’s').toContain(edit)
  for (const edit of mine) expect(`${there}\n${kept}`, 'ours').toContain(edit)
  expect(new Set(conflicts.map(({ path, kept: text }) => `${path}\0${text}`)).size).toBe(conflicts.length)
}

const z = { z: 'z\n' }
const cases: readonly (readonly [string, Files, Files, Files, Files])[] = [
  [
    'both put a file into a directory of its own name',
    { ...z, d: lines('d') },
    { ...z, 'd/one': lines('d', 'ONE') },
    { ...z, 'd/two': lines('d', 'TWO') },
    { ...z, 'd/one': lines('d', 'ONE'), 'd/two': lines('d', 'TWO') },
  ],
  [
    'deleted on one side, put into a directory of its own name on the other',
    { ...z, d: lines('d') },
    { ...z, 'd/one': lines('d', 'ONE') },
    z,
    { ...z, 'd/one': lines('d', 'ONE') },
  ],
  [
    'renamed to what the other side made a directory, and edited there',
    { ...z, c: lines('c') },
    { ...z, b: lines('c') },
    { ...z, c: lines('c', 'TWO'), 'b/x': 'x\n' },
    { ...z, 'b/x': 'x\n', 'b~': lines('c', 'TWO') },
  ],
]

test.each(cases)('%s: the same whichever side is the remote’s', async (_, base, one, two, expected) => {
  for (const mode of ['merge', 'rebase'] as const) {
    const here = await mergedFiles(engine, repo, { base, ours: one, theirs: two }, mode)
    const there = await mergedFiles(engine, repo, { base, ours: two, theirs: one }, mode)
    for (const { files, conflicts } of [here, there]) {
      const named = Object.entries(files).map(([path, text]) => [path.replace(/~[0-9a-f]{10}$/, '~'), `${text}\n`])
      expect(Object.fromEntries(named)).toEqual(expected)
      expect(conflicts).toEqual([])
    }
  }
})

test('renamed to what the other side made a directory, edited on both: the remote’s counts, ours is kept', async () => {
  const base = { ...z, c: lines('c') }
  const one = { ...z, b: lines('c', 'ONE') }
  const two = { ...z, c: lines('c', 'TWO'), 'b/x': 'x\n' }
  expectAll(await mergedFiles(engine, repo, { base, ours: one, theirs: two }, 'merge'), ['ONE'], ['TWO'])
  expectAll(await mergedFiles(engine, repo, { base, ours: two, theirs: one }, 'merge'), ['TWO'], ['ONE'])
})

test('a file on one side and a link on the other are two versions of one path', async () => {
  const base = { ...z, a: 'a\n' }
  const [file, link] = [
    { ...z, a: 'edited\n' },
    { ...z, a: '-> z' },
  ]
  const here = await mergedFiles(engine, repo, { base, ours: link, theirs: file }, 'merge')
  expect(here).toEqual({ files: { z: 'z', a: 'edited' }, conflicts: [{ path: 'a', kept: 'z' }] })
  const there = await mergedFiles(engine, repo, { base, ours: file, theirs: link }, 'merge')
  expect(there).toEqual({ files: { z: 'z', a: 'z' }, conflicts: [{ path: 'a', kept: 'edited' }] })
})

const names = ['a', 'b', 'a/x', 'a/y', 'b/x', 'c', 'c/x', 'd/a', 'd/b', 'l.jsonl', 'd', 'd/b/x']
const start = (path: string): string => (path.endsWith('l') ? '{"n":0}\n' : lines(path))
const isFree = (files: Files, path: string): boolean =>
  Object.keys(files).every((one) => one !== path && !one.startsWith(`${path}/`) && !path.startsWith(`${one}/`))

/** Adds, edits, deletes, renames and makes links of what there is, at random. @returns what it wrote and left there */
function changed(base: Files, who: string, dice: Dice): { files: Files; edits: readonly string[] } {
  const files = { ...base }
  const edits: string[] = []
  for (let count = dice.between(1, 3); count > 0; count--) {
    const edit = `${who}${edits.length}-edit`
    const path = dice.pick(names)
    const old = Object.keys(files).filter((one) => one !== 'z')[dice.between(0, 2)]
    const text = old === undefined ? undefined : files[old]
    const what = dice.between(0, 5)
    if (old === undefined || text === undefined || text.startsWith('-> ') || what === 0) {
      if (!isFree(files, path)) continue
      files[path] = path.endsWith('l') ? `{"${edit}":1}\n` : `${edit}\nnew\n`
    } else if (what <= 2) {
      files[old] = old.endsWith('l') ? `${text}{"${edit}":1}\n` : text.replace(/^.*$/m, edit)
    } else {
      delete files[old]
      if (what === 3) continue
      files[what === 4 && isFree(files, path) ? path : old] = what === 4 ? text : `-> ${edit}`
      if (what === 4) continue
    }
    edits.push(edit)
  }
  const all = Object.values(files).join('\n')
  return { files, edits: edits.filter((edit) => all.includes(edit)) }
}

test('whatever two sides do to a few files and directories: every edit is in the tree, or is ours and kept', async () => {
  const dice = diceOf(drawSeed())
  for (let round = 0; round < Number(process.env['ROUNDS'] ?? 12); round++) {
    const base: Record<string, string> = { ...z }
    for (let count = dice.between(2, 4); count > 0; count--) {
      const path = dice.pick(names)
      if (isFree(base, path)) base[path] = start(path)
    }
    const [one, two] = [changed(base, 'one', dice), changed(base, 'two', dice)]
    const mode = dice.pick(['merge', 'rebase'] as const)
    expectAll(await mergedFiles(engine, repo, { base, ours: one.files, theirs: two.files }, mode), one.edits, two.edits)
    expectAll(await mergedFiles(engine, repo, { base, ours: two.files, theirs: one.files }, mode), two.edits, one.edits)
  }
})
