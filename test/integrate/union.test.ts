import { array, assert, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { isAppendOnly, unionOfAppends } from '../../src/integrate/union.ts'

const union = (base: string, ours: string, theirs: string): string | null =>
  unionOfAppends(Buffer.from(base), Buffer.from(ours), Buffer.from(theirs))?.toString() ?? null

test('what both appended is all there, theirs first', () => {
  expect(union('a\n', 'a\nours\n', 'a\ntheirs\n')).toBe('a\ntheirs\nours\n')
  expect(union('', 'ours\n', 'theirs\n')).toBe('theirs\nours\n')
  expect(union('a\n', 'a\n', 'a\nb\n')).toBe('a\nb\n')
})

test('lines that both have first are one', () => {
  expect(union('a\n', 'a\nsame\nours\n', 'a\nsame\ntheirs\n')).toBe('a\nsame\ntheirs\nours\n')
})

test.each([
  ['one of them changed what was there', 'a\nb\n', 'A\nb\nours\n', 'a\nb\ntheirs\n'],
  ['one of them cut it off', 'a\nb\n', 'a\n', 'a\nb\ntheirs\n'],
  ['a last line goes on', 'a\nb', 'a\nb and more\n', 'a\nb\ntheirs\n'],
  ['a last line is not ended', 'a\n', 'a\nours', 'a\ntheirs\n'],
])('no union where %s', (_, base, ours, theirs) => {
  expect(union(base, ours, theirs)).toBeNull()
})

test('any two appendices: every line of both is in it, as often as the fuller side has it, and nothing else', () => {
  const lines = array(
    string({ unit: 'binary', maxLength: 4 }).map((text) => text.replaceAll('\n', '')),
    { maxLength: 6 },
  )
  const textOf = (all: readonly string[]): string => all.map((line) => `${line}\n`).join('')
  assert(
    property(lines, lines, lines, (base, ours, theirs) => {
      const merged = union(textOf(base), textOf([...base, ...ours]), textOf([...base, ...theirs]))
      expect(merged).not.toBeNull()
      const found = (merged ?? '').split('\n').slice(0, -1)
      expect(found.slice(0, base.length)).toEqual(base)
      const rest = found.slice(base.length)
      for (const side of [ours, theirs]) for (const line of side) expect(rest).toContain(line)
      expect(rest.length).toBeLessThanOrEqual(ours.length + theirs.length)
    }),
  )
})

test('which files only grow is told by their names', () => {
  expect(['a.log', 'x/b.jsonl', 'c.NDJSON'].every(isAppendOnly)).toBe(true)
  expect(['a.json', 'log', 'a.log.md'].some(isAppendOnly)).toBe(false)
})
