import { expect, test } from 'vitest'
import { fitted } from '../../src/cli/fitted.ts'

test('only what fits is shown, from the top; the last row is left for the cursor', () => {
  const text = Array.from({ length: 9 }, (_, row) => `row ${row} is long`).join('\n')
  expect(fitted(`${text}\n`, 6, 5)).toBe('row 0 \nrow 1 \nrow 2 \nrow 3 ')
  expect(fitted('one\n', 80, 24)).toBe('one')
  expect(fitted(text, 5, 1)).toBe('row 0')
})

test('wide characters take two columns, combining ones and colors none', () => {
  expect(fitted('日本語です', 6, 9)).toBe('日本語')
  expect(fitted('日本語です', 5, 9)).toBe('日本')
  expect(fitted('e\u0301e\u0301e\u0301', 2, 9)).toBe('e\u0301e\u0301')
  expect(fitted('👩‍👩‍👧‍👦ab', 3, 9)).toBe('👩‍👩‍👧‍👦a')
  expect(fitted('\u001b[32mgreen\u001b[0m', 3, 9)).toBe('\u001b[32mgre\u001b[0m')
})
