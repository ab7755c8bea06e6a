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

/** As they were given; of a name that is made of an id only the beginning. */
function ended(files: Files): Files {
  const named = Object.entries(files).map(([path, text]) => [path.replace(/~[0-9a-f]{10}$/, '~'), `${text}\n`])
  return Object.fromEntries(named) as Files
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
]

test.each(cases)('%s: the same whichever side is the remote’s', async (_, base, one, two, expected) => {
  for (const mode of ['merge', 'rebase'] as const) {
    const here = await mergedFiles(engine, repo, { base, ours: one, theirs: two }, mode)
    const there = await mergedFiles(engine, repo, { base, ours: two, theirs: one }, mode)
    for (const { files, conflicts } of [here, there]) {
      expect(ended(files)).toEqual(expected)
      expect(conflicts).toEqual([])
    }
  }
})

test.each(['5', 'ONE'])(
  'renamed to what the other side made a directory (%s), and edited there: both are there',
  async (edit) => {
    const base = { ...z, c: lines('c') }
    const one = { ...z, b: lines('c', edit) }
    const two = { ...z, c: lines('c', 'TWO'), 'b/x': 'x\n' }
    const here = await mergedFiles(engine, repo, { base, ours: one, theirs: two }, 'merge')
    expect(ended(here.files)).toEqual(two)
    expect(here.conflicts).toEqual([{ path: 'b', kept: lines('c', edit).trimEnd() }])
    const there = await mergedFiles(engine, repo, { base, ours: two, theirs: one }, 'merge')
    expect(there.conflicts).toEqual([])
    expect(ended(there.files)).toEqual({ ...two, 'b~': lines('c', edit) })
  },
)

test('edited here, and its new name there is one that another file got here: the edit stays where it was made', async () => {
  const base = { ...z, a: lines('a'), c: lines('c') }
  const one = { ...z, b: lines('a'), c: lines('c', 'ONE') }
  const two = { ...z, b: lines('c') }
  const here = await mergedFiles(engine, repo, { base, ours: one, theirs: two }, 'merge')
  expect(ended(here.files)).toEqual({ ...z, b: lines('c'), c: lines('c', 'ONE') })
  expect(here.conflicts).toEqual([{ path: 'b', kept: lines('a').trimEnd() }])
  const there = await mergedFiles(engine, repo, { base, ours: two, theirs: one }, 'merge')
  expect(ended(there.files)).toEqual({ ...z, b: lines('a'), c: lines('c', 'ONE') })
  expect(there.conflicts).toEqual([{ path: 'b', kept: lines('c').trimEnd() }])
})

test('beside renames that collide, what both sides edited in different lines is merged', async () => {
  const text = (first: string, last: string): string => `${first}\n${lines('t')}${last}\n`
  const base = { ...z, d: lines('d'), t: text('1', '1') }
  const ours = { ...z, 'd/one': lines('d', 'ONE'), t: text('ONE', '1') }
  const theirs = { ...z, 'd/two': lines('d', 'TWO'), t: text('1', 'TWO') }
  const { files, conflicts } = await mergedFiles(engine, repo, { base, ours, theirs }, 'merge')
  expect(ended(files)).toEqual({ ...ours, ...theirs, t: text('ONE', 'TWO') })
  expect(conflicts).toEqual([])
})

test('renamed here, edited there beside a new file of the new name: the edit stays where it was made', async () => {
  const base = { ...z, c: lines('c') }
  const one = { ...z, b: lines('c') }
  const two = { ...z, b: 'new\n', c: lines('c', 'TWO') }
  const here = await mergedFiles(engine, repo, { base, ours: one, theirs: two }, 'merge')
  expect(ended(here.files)).toEqual(two)
  expect(here.conflicts).toEqual([{ path: 'b', kept: lines('c').trimEnd() }])
})

test('put on the remote’s one by one: what was kept under a name that another file took later is kept, too', async () => {
  const base = { ...z, a: lines('a'), d: lines('d') }
  const edited = { ...base, d: lines('d', 'ONE') }
  const ours = { ...z, d: lines('d', 'ONE'), e: lines('a') }
  const theirs = { ...z, a: lines('a'), e: lines('d', 'TWO') }
  const made = await mergedFiles(engine, repo, { base, ours, theirs }, 'rebase', [edited])
  expectAll(made, ['ONE', 'a 5'], ['TWO'])
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
  for (let round = 0; round < Number(process.env['ROUNDS'] ?? 6); round++) {
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
