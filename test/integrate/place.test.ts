import {
  chmodSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  symlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { fingerprintOf } from '../../src/integrate/at-path.ts'
import { placeFiles, type Placed } from '../../src/integrate/place.ts'
import { pathBytes, type PathBytes, type PlanEntry } from '../../src/types.ts'
import { tempDirectory } from '../support/temp-repo.ts'

/** A work tree with these files, and what is to come beside it. */
function scene(
  files: Readonly<Record<string, string>>,
  coming: Readonly<Record<string, string | null>>,
  before: (root: string) => void = () => {},
) {
  const place = tempDirectory()
  onTestFinished(() => place.dispose())
  const [root, staged] = [join(place.path, 'tree'), join(place.path, 'staged')]
  const put = (base: string, path: string, text: string): void => {
    mkdirSync(dirname(join(base, path)), { recursive: true })
    writeFileSync(join(base, path), text)
  }
  mkdirSync(root)
  for (const [path, text] of Object.entries(files)) put(root, path, text)
  for (const [path, text] of Object.entries(coming)) if (text !== null) put(staged, path, text)
  before(root)
  const entries = Object.entries(coming).map(([name, text]): PlanEntry => {
    const path = pathBytes(name)
    return text === null ? { path, mode: null, oid: null } : { path, mode: '100644', oid: 'b' }
  })
  const seen = new Map(entries.map(({ path }) => [path, fingerprintOf(root, path)]))
  const wrote: PathBytes[] = []
  return {
    root,
    wrote,
    read: (path: string): string | null =>
      existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null,
    bring: (onWrite: (path: PathBytes) => void = () => {}): Promise<Placed> => {
      const aside = join(place.path, 'aside')
      const note = (path: PathBytes): void => {
        wrote.push(path)
        onWrite(path)
      }
      return placeFiles({ root, staged, aside, wrote: note }, entries, seen)
    },
  }
}

const nothing: Placed = { moved: [], refused: [] }

test('files come, change and go, with the directories that they need or leave empty', async () => {
  const at = scene({ 'a.md': 'a', 'gone/deep/b.md': 'b' }, { 'a.md': 'A', 'gone/deep/b.md': null, 'new/c.md': 'c' })
  expect(await at.bring()).toEqual(nothing)
  expect([at.read('a.md'), at.read('new/c.md'), existsSync(join(at.root, 'gone'))]).toEqual(['A', 'c', false])
  expect(at.wrote).toEqual(['gone/deep/b.md', 'a.md', 'new/c.md'])
})

test('what was saved since it was looked at stays, however it was saved', async () => {
  const at = scene({ 'a.md': 'a', 'b.md': 'b', 'd.md': 'd' }, { 'a.md': 'A', 'b.md': 'B', 'c.md': 'C', 'd.md': null })
  writeFileSync(join(at.root, 'a.md'), 'written in place')
  writeFileSync(join(at.root, 'other'), 'by rename')
  renameSync(join(at.root, 'other'), join(at.root, 'b.md'))
  writeFileSync(join(at.root, 'c.md'), 'made here too')
  writeFileSync(join(at.root, 'd.md'), 'more')
  const { moved, refused } = await at.bring()
  expect([moved.toSorted(), refused]).toEqual([['a.md', 'b.md', 'c.md', 'd.md'], []])
  expect(['a.md', 'b.md', 'c.md', 'd.md'].map(at.read)).toEqual([
    'written in place',
    'by rename',
    'made here too',
    'more',
  ])
})

test('who still had the old file open and writes into it does not write into nothing', async () => {
  const at = scene({ 'a.md': 'a\n', 'b.md': 'b\n', 'c.md': 'c\n' }, { 'a.md': 'A\n', 'b.md': 'B\n', 'c.md': null })
  const [a, c] = [openSync(join(at.root, 'a.md'), 'a'), openSync(join(at.root, 'c.md'), 'a')]
  const { moved } = await at.bring((path) => {
    if (path !== 'b.md') return
    for (const file of [a, c]) writeSync(file, 'saved just then\n')
  })
  for (const file of [a, c]) closeSync(file)
  expect(moved.toSorted()).toEqual(['a.md', 'c.md'])
  expect([at.read('a.md'), at.read('b.md'), at.read('c.md')]).toEqual([
    'a\nsaved just then\n',
    'B\n',
    'c\nsaved just then\n',
  ])
})

test('a link is replaced as itself, and no directory above is reached through one', async () => {
  const at = scene({ 'elsewhere/x.md': 'x' }, { 'link.md': 'L', 'docs/x.md': 'D' }, (root) => {
    symlinkSync('elsewhere/x.md', join(root, 'link.md'))
    symlinkSync('elsewhere', join(root, 'docs'))
  })
  expect(await at.bring()).toEqual({ moved: ['docs/x.md'], refused: [] })
  expect([at.read('elsewhere/x.md'), at.read('link.md')]).toEqual(['x', 'L'])
  expect(lstatSync(join(at.root, 'link.md')).isFile()).toBe(true)
})

test('what the system does not let be written is named with its error, and the rest comes', async () => {
  const at = scene({ 'p/own.md': 'own' }, { p: 'a file', 'b.md': 'B' })
  expect(await at.bring()).toEqual({ moved: [], refused: [{ path: 'p', code: 'ENOTEMPTY' }] })
  expect([at.read('p/own.md'), at.read('b.md')]).toEqual(['own', 'B'])
})

test('empty directories where a file comes make room', async () => {
  const at = scene({}, { p: 'a file' }, (root) => mkdirSync(join(root, 'p', 'q', 'r'), { recursive: true }))
  expect(await at.bring()).toEqual(nothing)
  expect(at.read('p')).toBe('a file')
})

test('what its owner closed to others stays closed', async () => {
  const at = scene({ 'a.md': 'a' }, { 'a.md': 'A' }, (root) => chmodSync(join(root, 'a.md'), 0o600))
  expect(await at.bring()).toEqual(nothing)
  expect([at.read('a.md'), lstatSync(join(at.root, 'a.md')).mode & 0o777]).toEqual(['A', 0o600])
})
