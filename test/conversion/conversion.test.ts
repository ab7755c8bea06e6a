import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { compileRules } from '../../src/classify/classify.ts'
import { importRules } from '../../src/conversion/conversion.ts'
import { pathBytes } from '../../src/types.ts'

function converted(regex: string): readonly string[] {
  const [line] = importRules(`BLOCK:${regex}:why`) ?? []
  if (line?.kind !== 'rules') throw new Error(`${regex}: ${JSON.stringify(line)}`)
  return line.rules.map(({ glob }) => glob)
}

function refusal(text: string): string {
  const [line] = importRules(text) ?? []
  if (line?.kind !== 'refused') throw new Error(`${text}: ${JSON.stringify(line)}`)
  return `${line.refused.column} ${line.refused.problem}`
}

test.each([
  ['^docs/', ['docs/**']],
  ['\\.log$', ['**/*.log']],
  ['^README\\.md$', ['/README.md']],
  ['(^|/)node_modules(/|$)', ['**/node_modules/**', '**/node_modules']],
  ['^logs/[^/]+\\.log$', ['logs/?*.log']],
  ['^logs/.*\\.log$', ['logs/**/*.log']],
  ['/cache/', ['*/**/cache/**']],
  ['^a/.*/b$', ['a/*/**/b']],
  ['\\.claude/intelligence/.*\\.log', ['**/*.claude/intelligence/**/*.log{*,*/**}']],
  ['.claude/intelligence/.*\\.log', ['{**/*?,*/**/}claude/intelligence/**/*.log{*,*/**}']],
  ['^state-[0-9]+', ['/state-[0-9]{*,*/**}']],
  ['^[ax]\\.md$', ['/{a,x}.md']],
  ['\\.bak$|~$', ['**/*.bak', '**/*\\~']],
  ['^\\.[^/]*$', ['/.?*']],
  ['.*', ['**']],
])('%s', (regex, globs) => {
  expect(converted(regex)).toEqual(globs)
})

test.each([
  ['BLOCK:^a[0-9]+b$:x', '7 a glob has no "any number of these characters", only of all'],
  ['BLOCK:^(ab)*c$:x', '7 a glob cannot repeat more than one character'],
  ['BLOCK:a\\d:x', '8 what \\d means differs from machine to machine'],
  ['BLOCK:[[:digit:]]\\.log:x', '7 a [ that is never closed before the colon'],
  ['BLOCK:[A-z]:x', '7 which characters lie within [A-z] depends on the language of the machine'],
  ['BLOCK:(a:x', '7 a ( that is never closed'],
  ['BLOCK:a):x', '8 a ) that closes nothing'],
  ['BLOCK:*.log:x', '7 a * with nothing to repeat'],
  ['BLOCK:a$b:x', '7 no path can match it'],
  ['BLOCK:^/etc:x', '7 no path can match it'],
  ['BLOCK::x', '7 no regular expression: it would match every path'],
  ['DENY:a:x', '1 "DENY" is not an action'],
  ['whatever', '1 no colon'],
  ['BLOCK:a\\:b:x', '8 a backslash at the end; a colon ends the expression'],
  ['BLOCK:^(a|b|c|d)(a|b|c|d)(a|b|c|d)(a|b|c|d)$:x', '7 it stands for too many globs'],
  ['BLOCK:^./x$:x', 'not'],
])('%s is refused', (text, problem) => {
  if (problem !== 'not') expect(refusal(text)).toBe(problem)
})

test('lines keep their order, comments their text, reasons their colons', () => {
  const lines = importRules('\ufeff# mine\r\n\r\nALLOW:^a$:one: two\r\nBLOCK:^b$\r\n')
  expect(lines).toEqual([
    { kind: 'comment', text: '# mine' },
    { kind: 'comment', text: '' },
    { kind: 'rules', rules: [{ action: 'ALLOW', glob: '/a', reason: 'one: two', line: 3 }] },
    { kind: 'rules', rules: [{ action: 'BLOCK', glob: '/b', reason: '', line: 4 }] },
  ])
})

const atom = fc.constantFrom('a', 'b', '/', '\\.', '.', '[ab]', '[^a]', '[^/]', '[a-c]', '[./]', '\\*', '-', 'c/')
const piece = fc.oneof(
  { weight: 5, arbitrary: atom },
  {
    weight: 3,
    arbitrary: fc.constantFrom('.*', '.+', '[^/]*', '[^/]+', '.?', 'a?', '(a|b/)', '(^|/)', '(/|$)', '(/a)?'),
  },
  { weight: 1, arbitrary: fc.constantFrom('a*', '[ab]+', '.{2}', 'b{1,2}', '(ab)*', '^', '$', '|', '(a|)', '(.*/)?') },
)
const regex = fc
  .tuple(fc.constantFrom('', '^'), fc.array(piece, { minLength: 1, maxLength: 6 }), fc.constantFrom('', '$'))
  .map(([start, pieces, end]) => start + pieces.join('') + end)
const name = fc
  .array(fc.constantFrom('a', 'b', 'c', '.', '-', '*', 'ab'), { minLength: 1, maxLength: 4 })
  .map((parts) => parts.join(''))
  .filter((text) => text !== '.' && text !== '..')
const paths = fc.array(
  fc.array(name, { minLength: 1, maxLength: 4 }).map((names) => names.join('/')),
  { minLength: 20, maxLength: 20 },
)

test('the globs match exactly the paths in which the regular expression is found', () => {
  let matched = 0
  let missed = 0
  let exact = 0
  fc.assert(
    fc.property(regex, paths, (text, list) => {
      const [line] = importRules(`BLOCK:${text}:`) ?? []
      const unmatched = line?.kind === 'refused' && line.refused.problem === 'no path can match it'
      if (line?.kind !== 'rules' && !unmatched) return
      exact += 1
      const globs = line?.kind === 'rules' ? line.rules.map(({ glob }) => `BLOCK:${glob}:`) : []
      const { rules } = compileRules([{ level: 'user', source: '', text: globs.join('\n') }], 'ALLOW')
      const meant = new RegExp(text, 's')
      for (const path of list) {
        const isMeant = meant.test(path)
        if (isMeant) matched += 1
        else missed += 1
        expect(rules.match(pathBytes(path)).rule !== null, `${text} as ${globs.join(' ')} on ${path}`).toBe(isMeant)
      }
    }),
    { numRuns: 500 },
  )
  for (const count of [matched, missed, exact]) expect(count).toBeGreaterThan(150)
})
