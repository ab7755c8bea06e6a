import { expect, test } from 'vitest'
import { fitted } from '../../src/cli/fitted.ts'

test('what fits is shown, from the top, and said to go on where it does; the last row is left for the cursor', () => {
  const text = Array.from({ length: 9 }, (_, row) => `row ${row}`).join('\n')
  expect(fitted(`${text}\n`, 80, 5)).toBe('row 0\nrow 1\nrow 2\n… the rest: workspace-sync status')
  expect(fitted('one\n', 80, 24)).toBe('one')
  expect(fitted(text, 5, 1)).toBe('row 0')
  expect(fitted(text, 20, 4)).toBe('row 0\nrow 1\n… the rest: workspac')
})

test('a long line goes on in the next row: nothing of what is to be typed is cut off', () => {
  expect(fitted('held: a.md  ack it\nnext', 8, 9)).toBe('held: a.\nmd  ack \nit\nnext')
})

test('wide characters take two columns, combining ones and colors none', () => {
  expect(fitted('日本語です', 6, 9)).toBe('日本語\nです')
  expect(fitted('日本語です', 5, 9)).toBe('日本\n語で\nす')
  expect(fitted('e\u0301e\u0301e\u0301', 2, 9)).toBe('e\u0301e\u0301\ne\u0301')
  expect(fitted('👩‍👩‍👧‍👦ab', 3, 9)).toBe('👩‍👩‍👧‍👦a\nb')
  expect(fitted('\u001b[32mgreen\u001b[0m', 3, 9)).toBe('\u001b[32mgre\nen\u001b[0m')
  expect(fitted('語', 1, 9)).toBe('語')
})
