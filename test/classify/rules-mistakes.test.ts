import { expect, test } from 'vitest'
import { compileRules } from '../../src/classify/rules.ts'
import { pathBytes } from '../../src/types.ts'
import type { RuleMistake } from '../../src/classify/rules.ts'

function mistakesOf(text: string): readonly RuleMistake[] {
  return compileRules([{ level: 'user', source: 'my.rules', text }], 'ANALYZE').mistakes
}

const mistaken: readonly (readonly [line: string, column: number, problem: RegExp, remedy: RegExp])[] = [
  ['*.log', 1, /no colon/, /write for example BLOCK:\*\.log:reason/],
  ['  *.log', 3, /no colon/, /BLOCK:\*\.log/],
  ['BLOCK:*.log', 12, /no colon after the glob/, /write BLOCK:\*\.log:/],
  ['BLOCK:a\\:b', 11, /no colon after the glob/, /write/],
  ['block:*.log:', 1, /"block" is not an action/, /write BLOCK: capitals/],
  ['Allow :*.log:', 1, /"Allow " is not an action/, /write ALLOW/],
  ['IGNORE:*.log:', 1, /"IGNORE" is not an action/, /write BLOCK$/],
  ['SYNC:*.log:', 1, /"SYNC" is not an action/, /BLOCK, ALLOW or ANALYZE/],
  [':*.log:', 1, /"" is not an action/, /BLOCK, ALLOW or ANALYZE/],
  ['BLOCK::why', 7, /empty/, /a name or a path/],
  ['BLOCK:/:why', 7, /empty/, /a name or a path/],
  ['BLOCK: *.log:why', 7, /a space/, /remove it/],
  ['BLOCK:*.log :why', 12, /a space/, /remove it/],
  ['BLOCK:!*.log:why', 7, /negated/, /ALLOW rule/],
  ['BLOCK:~/notes:why', 7, /home directory/, /top of the workspace/],
  ['BLOCK:+(a|b):', 8, /\( has no meaning/, /\{a,b\}/],
  ['BLOCK:@(a):', 8, /\( has no meaning/, /\\\(/],
  ['BLOCK:a|b:', 8, /\| has no meaning/, /\{a,b\}/],
  ['BLOCK:(a+)+b:', 7, /\( has no meaning/, /\{a,b\}/],
  ['BLOCK:a{b,c:', 8, /never closed/, /\\\{/],
  ['BLOCK:a}b:', 8, /closes nothing/, /\\\}/],
  ['BLOCK:x[ab:', 8, /never closed/, /\\\[/],
  ['BLOCK:x[a/b]:', 8, /never closed/, /\\\[/],
  ['BLOCK:[z-a]:', 7, /backwards/, /smaller end first/],
  ['BLOCK:[[:alpha:]]*:', 7, /never closed/, /\\\[/],
  ['BLOCK:[[\\:alpha\\:]]*:', 7, /:alpha:/, /\[a-zA-Z\]/],
  ['BLOCK:[\\d]:', 7, /\\d is not an escape/, /leave the backslash out/],
  ['BLOCK:../x:', 7, /\.\. cannot be part/, /top of the workspace/],
  ['BLOCK:a/../../x:', 9, /\.\. cannot be part/, /top of the workspace/],
  ['BLOCK:./x:', 7, /\. cannot be part/, /top of the workspace/],
  ['BLOCK:a//b:', 8, /two \/ in a row/, /one \//],
  ['BLOCK:{a..foo}:', 8, /not a range/, /\{1\.\.9\}/],
  ['BLOCK:{,a}:', 7, /alternatives is empty/, /a name into each part/],
  ['BLOCK:C\\:\\Users\\x:', 10, /\\U is not an escape/, /\/ between names/],
  ['BLOCK:x\\:', 10, /no colon after the glob/, /write/],
  ['BLOCK:a\ufffd:', 8, /not UTF-8/, /UTF-8/],
  ['BLOCK:a\u0000:', 8, /control character/, /\?/],
  ['BLOCK:a\ud800:', 7, /half of a character/, /UTF-8/],
  ['BLOCK:.*:', 7, /\.\* looks like a regular expression/, /\.\?\*/],
  ['BLOCK:logs/.*:', 12, /\.\* looks like a regular expression/, /\*\* for any depth/],
  ['BLOCK:logs/.+:', 12, /\.\+ looks like a regular expression/, /\*\*/],
  ['BLOCK:^logs:', 7, /\^ looks like a regular expression/, /leave it out/],
  ['BLOCK:logs$:', 11, /\$ looks like a regular expression/, /leave it out/],
  ['BLOCK:.claude/intelligence/.*\\.log:Logs', 30, /\\\. is not an escape/, /write \.claude\/intelligence\/\*\.log /],
  ['BLOCK:tmp-\\d+:', 11, /\\d is not an escape/, /\* for any part of a name/],
  [`BLOCK:${'x'.repeat(513)}:`, 519, /513 characters/, /512/],
  [`BLOCK:${'a*'.repeat(17)}:`, 40, /more than 16 \*/, /split/],
  [`BLOCK:${'**/'.repeat(9)}x:`, 31, /more than 8 \*\*/, /split/],
  [`BLOCK:x${'{a,b}'.repeat(9)}:`, 8, /more than 256/, /split/],
]

test.each(mistaken)('%s', (line, column, problem, remedy) => {
  const [mistake, ...others] = mistakesOf(`# a comment\n${line}\n`)
  expect(others).toEqual([])
  expect(mistake).toMatchObject({ source: 'my.rules', line: 2, column })
  expect(mistake?.problem).toMatch(problem)
  expect(mistake?.remedy).toMatch(remedy)
})

const limits = [
  `BLOCK:${'x'.repeat(512)}:`,
  `BLOCK:${'a*'.repeat(16)}:`,
  `BLOCK:${'**/'.repeat(8)}x:`,
  `BLOCK:${'{a,b}'.repeat(8)}:`,
]

test.each(limits)('%s is just within the limits', (line) => {
  expect(mistakesOf(line)).toEqual([])
})

test('what looks odd and is meant stays a rule', () => {
  const lines = ['.*.swp', 'README.*', '.?*', '~$*', '#*#', '*~', 'c++', 'a$b', 'a^b', '\\(copy\\) *', 'x\\ ', 'a b']
  expect(mistakesOf(lines.map((glob) => `BLOCK:${glob}:`).join('\n'))).toEqual([])
})

test('byte order mark, CRLF, comments, blank lines and an empty file are fine', () => {
  const text = '\ufeffBLOCK:*.a:first\r\n\r\n  # note: with a colon\r\n\t\r\nALLOW:b\\:c::two: three \r\n'
  const { rules, mistakes } = compileRules([{ level: 'user', source: 'my.rules', text }], 'ANALYZE')
  expect(mistakes).toEqual([])
  expect(rules.rules).toEqual([
    { action: 'BLOCK', glob: '*.a', reason: 'first', level: 'user', source: 'my.rules', line: 1 },
    { action: 'ALLOW', glob: 'b:c', reason: ':two: three', level: 'user', source: 'my.rules', line: 5 },
  ])
  expect(rules.match(pathBytes('b:c')).action).toBe('ALLOW')
  expect(mistakesOf('')).toEqual([])
  expect(compileRules([], 'BLOCK').rules.match(pathBytes('x'))).toEqual({ rule: null, action: 'BLOCK', lost: [] })
})

test('a byte order mark does not shift the column', () => {
  expect(mistakesOf('\ufeffBLOCK:[:')).toMatchObject([{ line: 1, column: 7 }])
})

test('a file with a mistake adds nothing, the other files stay whole', () => {
  const { rules, mistakes } = compileRules(
    [
      { level: 'user', source: 'bad.rules', text: 'BLOCK:*.a:\nBLOCK:[:\nnonsense' },
      { level: 'built-in', source: 'good.rules', text: 'ALLOW:*.a:' },
    ],
    'ANALYZE',
  )
  expect(mistakes.map(({ line }) => line)).toEqual([2, 3])
  expect(rules.rules.map(({ source }) => source)).toEqual(['good.rules'])
})

test('a file in another format gives the first mistakes, not thousands', () => {
  const mistakes = mistakesOf('*.log\n'.repeat(5000))
  expect(mistakes).toHaveLength(21)
  expect(mistakes.at(-1)).toMatchObject({ line: 21, problem: 'too many mistakes, the rest is not read' })
})

test('ten thousand rules are a file, one more is a mistake', () => {
  const text = Array.from({ length: 10_000 }, (_, index) => `BLOCK:a${index}:`).join('\n')
  expect(mistakesOf(text)).toEqual([])
  expect(mistakesOf(`${text}\n\n# note\nBLOCK:b:`)).toMatchObject([
    { line: 10_003, problem: 'more than 10000 rules in one file' },
  ])
})

test('a file full of braces is refused before it fills the memory', () => {
  const text = `BLOCK:${'{a,b}'.repeat(8)}:\n`.repeat(300)
  expect(mistakesOf(text)).toMatchObject([{ line: 197 }])
})
