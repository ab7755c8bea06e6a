import { array, assert, constantFrom, property, sample, string } from 'fast-check'
import { expect, test } from 'vitest'
import { patternOf, patternsByChance } from '../../src/classify/pattern.ts'
import { pathBytes } from '../../src/types.ts'

const key = (path: string): string => patternOf(pathBytes(path)).key

test.each([
  ['ckpt-1763629872.json', 'ckpt-*.json'],
  ['ckpt-1763629872.123.json', 'ckpt-*.json'],
  ['log/2026-11-20T10-11-12.json', 'log/*.json'],
  ['log/2026-11-20 10:11:12Z.json', 'log/*Z.json'],
  ['log/20261120T101112Z.json', 'log/*.json'],
  ['state-6f1ed002-ab5e-4f5b-9c1e-0123456789ab.json', 'state-*.json'],
  ['state-DEADBEEF-ABCD-ABCD-ABCD-ABCDEFABCDEF.json', 'state-*.json'],
  ['objects/9f86d081.bin', 'objects/*.bin'],
  ['objects/abc123.bin', 'objects/*.bin'],
  ['state-k3j9x2.json', 'state-*.json'],
  ['tmp.x7Kq2LmP', 'tmp.*'],
  ['01ARZ3NDEKTSV4RRFFQ69G5FAV.json', '*.json'],
  ['runs/6f1ed002-ab5e-4f5b-9c1e-0123456789ab/state.json', 'runs/*/state.json'],
  ['runs/k3j9x2/7/state.json', 'runs/*/*/state.json'],
])('names that a program counts up or draws anew are one pattern: %s', (path, pattern) => {
  expect(key(path)).toBe(pattern)
})

test.each([
  ['report-final.md', 'report-final.md'],
  ['chapter1.md', 'chapter*.md'],
  ['chapter12.md', 'chapter*.md'],
  ['src/base64url.ts', 'src/base*url.ts'],
  ['src/sha256sum.ts', 'src/sha*sum.ts'],
  ['src/oauth2client.ts', 'src/oauth*client.ts'],
  ['src/facade.ts', 'src/facade.ts'],
  ['python3/es2023.ts', 'python3/es*.ts'],
  ['lesson3/part2/notes.md', 'lesson3/part2/notes.md'],
  ['journal/2026-11-20/notes.md', 'journal/*/notes.md'],
  ['out-1795176431938/state.json', 'out-*/state.json'],
  ['CHANGELOG.md', 'CHANGELOG.md'],
])('words keep their letters: %s', (path, pattern) => {
  expect(key(path)).toBe(pattern)
})

test('an ordinary source tree does not collapse', () => {
  const names = [
    'index',
    'main',
    'sync-state',
    'base64',
    'utf8',
    'http2',
    'http2-client',
    'parse_url',
    'i18next',
    'md5sum',
  ]
  const paths = ['src', 'src/net', 'test', 'lib/v2'].flatMap((folder) => names.map((name) => `${folder}/${name}.ts`))
  expect(new Set(paths.map(key)).size).toBe(paths.length)
})

test('half of all random names with six letters and digits are one pattern at once, the others among siblings', () => {
  const digits = '0123456789abcdefghijklmnopqrstuvwxyz'
  const names = sample(array(constantFrom(...digits.split('')), { minLength: 6, maxLength: 6 }), {
    numRuns: 2000,
    seed: 7,
  })
  const collapsed = names.filter((name) => key(`state-${name.join('')}.json`) === 'state-*.json')
  expect(collapsed.length / names.length).toBeGreaterThan(0.5)
  const reached = names.filter((name) =>
    patternsByChance(pathBytes(`state-${name.join('')}.json`), new Set([6])).some(
      (found) => found.key === 'state-*.json',
    ),
  )
  expect(reached.length).toBe(names.length)
})

test('only words of the lengths asked for are tried as random', () => {
  const tried = patternsByChance(pathBytes('archive/kqjwxz/monthly.json'), new Set([6]))
  expect(tried).toEqual([{ key: 'archive/*/monthly.json', randomLength: 6 }])
})

test('the length of a random run is told, digits and dates having none', () => {
  expect(patternOf(pathBytes('a/k3j9x2.json')).randomLength).toBe(6)
  expect(patternOf(pathBytes('a/1763629872.json')).randomLength).toBe(0)
  expect(patternOf(pathBytes('a/report.json')).randomLength).toBe(0)
})

test('bytes beyond ASCII stay as they are', () => {
  expect(key('später/lauf7.json')).toBe(pathBytes('später/lauf*.json'))
})

test('a pattern is its own pattern', () => {
  const name = string({ unit: constantFrom(...'abcxyzABCDEF0123456789-_.:T *é'.split('')) })
  assert(
    property(array(name, { minLength: 1 }), (names) => {
      const once = key(names.join('/'))
      expect(patternOf(once).key).toBe(once)
    }),
  )
})
