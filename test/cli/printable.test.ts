import { expect, test } from 'vitest'
import { counted, printable, span } from '../../src/cli/printable.ts'

test('a file name cannot act on the terminal', () => {
  expect(printable('a\u001b[31mred\n\tb\r')).toBe('a\\u{1b}[31mred\\n\\tb\\r')
  expect(printable('doc\u202efdp.exe')).toBe('doc\\u{202e}fdp.exe')
  expect(printable('\u009b2J')).toBe('\\u{9b}2J')
})

test('what people write stays as it is', () => {
  expect(printable('notes/grün ☃ 日本.md')).toBe('notes/grün ☃ 日本.md')
})

test.each([
  [0, '0 s'],
  [900, '1 s'],
  [59_000, '59 s'],
  [61_000, '1 min 1 s'],
  [120_000, '2 min'],
  [900_000, '15 min'],
  [5_400_000, '1 h 30 min'],
  [200_000_000, '2 d 7 h'],
  [-5_000, '0 s'],
])('%i ms reads as %s', (ms, text) => {
  expect(span(ms)).toBe(text)
})

test('one path, two paths', () => {
  expect([counted(1, 'path'), counted(2, 'path'), counted(0, 'path')]).toEqual(['1 path', '2 paths', '0 paths'])
})
