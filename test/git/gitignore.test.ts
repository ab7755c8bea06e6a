import { expect, test } from 'vitest'
import { parseIgnore, verdictOf } from '../../src/git/embedded/gitignore.ts'

const ignores = (line: string, path: string): boolean => verdictOf(parseIgnore(line, ''), path, false) === true

test('a line of many stars is answered at once, whether it fits or not', { timeout: 5_000 }, () => {
  const dashes = '-'.repeat(120)
  expect(ignores('*-*-*-*-*-*-*-*.tmp', `${dashes}.txt`)).toBe(false)
  expect(ignores('*-*-*-*-*-*-*-*.tmp', `${dashes}.tmp`)).toBe(true)
  expect(ignores('*[a]*[a]*[a]*[a]*[a]*[a]*?b', 'a'.repeat(250))).toBe(false)
})

test('a line of many whole names of stars is answered at once, too', { timeout: 5_000 }, () => {
  const deep = 'a/'.repeat(2_000)
  expect(ignores('**/a/**/a/**/a/**/a/**/b', `${deep}c`)).toBe(false)
  expect(ignores('**/a/**/a/**/a/**/a/**/b', `${deep}b`)).toBe(true)
  expect(ignores(`/${'**/*a*a*a*/'.repeat(8)}b`, `${`${'a'.repeat(50)}/`.repeat(80)}c`)).toBe(false)
})

test('what an earlier star takes is what the later ones leave', () => {
  expect(ignores('*ab*ab', 'abxab')).toBe(true)
  expect(ignores('*ab*ab', 'ab')).toBe(false)
  expect(ignores('a*b*c', 'abbcbc')).toBe(true)
  expect(ignores('**/a/b/**/c', 'a/a/b/x/c')).toBe(true)
  expect(ignores('**/a/b/**/c', 'a/a/c')).toBe(false)
  expect(ignores('a/**', 'a')).toBe(false)
})

test('a range that runs backwards is its first letter, as git has it', () => {
  expect(ignores('[b-a]', 'b')).toBe(true)
  expect(ignores('[b-a]', 'a')).toBe(false)
})
