import { execFileSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { shellPath, shellQuoted, shellWord } from '../src/shell.ts'
import { pathBytes, pathOfLatin1 } from '../src/types.ts'

/** What bash makes of the words, NUL behind each. */
function typed(...words: readonly string[]): readonly string[] {
  const out = execFileSync('bash', ['-c', `printf '%s\\0' ${words.join(' ')}`])
  return out.toString('latin1').split('\0').slice(0, -1)
}

const texts = [
  'plain/a-b_c.md',
  '',
  'a b',
  "it's",
  '$(id)',
  'a*?[x]',
  '#a',
  '~',
  'äöü 漢字',
  'line\nend',
  '\u001b[31mred',
  '!x',
]

test('a shell reads every word as it is', () => {
  expect(typed(...texts.map(shellWord))).toEqual(texts.map(pathBytes))
  expect(typed(...texts.map(shellQuoted))).toEqual(texts.map(pathBytes))
})

test('a plain word stays plain, and what would act on a terminal is not shown as it is', () => {
  expect(shellWord('src/a.ts:3')).toBe('src/a.ts:3')
  expect(shellWord('a\u001b[31m')).toBe(String.raw`$'a\x1b[31m'`)
})

test('a path keeps its bytes, and is no option', () => {
  const names = ['-rf', 'a\xff\xfe', "'\x01", 'ok'].map(pathOfLatin1)
  expect(typed(...names.map(shellPath))).toEqual(['./-rf', ...names.slice(1)])
})
