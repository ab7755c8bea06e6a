import { expect, test } from 'vitest'
import type { OpenPath } from '../../src/git/git.ts'
import { besideDirectory, displaced, rejoined } from '../../src/integrate/displaced.ts'
import { pathBytes, type FileMode, type TreeEntry } from '../../src/types.ts'

const commits = { ours: 'a'.repeat(40), theirs: 'b'.repeat(40) }
const entry = (oid: string, mode: FileMode = '100644'): TreeEntry => ({ mode, oid })
const at = (path: string, sides: Partial<Omit<OpenPath, 'path'>> = {}): OpenPath => {
  return { path: pathBytes(path), base: null, ours: null, theirs: null, ...sides }
}

test('what git put beside a directory is known by the commit’s id, and gets a name that is the same everywhere', () => {
  expect(displaced(at(`x/d~${commits.ours}`), commits)).toMatchObject({ place: 'x/d', side: 'ours' })
  expect(displaced(at(`d~${commits.theirs}_0`), commits)).toMatchObject({ place: 'd', side: 'theirs' })
  expect(displaced(at(`d~${'c'.repeat(40)}`), commits)).toBeNull()
  expect(displaced(at('backup~'), commits)).toBeNull()
  expect(besideDirectory(pathBytes('x/d'), 'c'.repeat(40))).toBe(`x/d~${'c'.repeat(10)}`)
})

test('a file and a link that git put apart are two versions of one path', () => {
  const [base, ours, theirs] = [entry('1'), entry('2', '120000'), entry('3')]
  const together = at('d', { base, ours, theirs })
  const name = `d~${commits.theirs}`
  expect(rejoined([at('d', { ours }), at(name, { base, theirs })], commits)).toEqual({
    open: [together],
    displaced: [],
    names: [name],
  })
  const both = [at(`d~${commits.ours}`, { ours }), at(name, { base, theirs })]
  expect(rejoined(both, commits)).toMatchObject({
    open: [together],
    displaced: [],
    names: both.map(({ path }) => path),
  })
})

test('a file in the place of a directory or of a submodule stays apart', () => {
  const alone = at(`d~${commits.ours}`, { ours: entry('1') })
  expect(rejoined([alone], commits)).toMatchObject({ open: [], displaced: [{ place: 'd' }], names: [] })
  const theirs = at(`d~${commits.theirs}`, { theirs: entry('1') })
  const module = at('d', { ours: entry('2', '160000') })
  expect(rejoined([module, theirs], commits)).toMatchObject({ open: [module], displaced: [{ place: 'd' }], names: [] })
})
