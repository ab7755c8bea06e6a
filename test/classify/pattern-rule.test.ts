import { array, assert, constantFrom, property, string } from 'fast-check'
import micromatch from 'micromatch'
import { expect, test } from 'vitest'
import { compileGlob, patternMatches } from '../../src/classify/globs.ts'
import { pathNames } from '../../src/classify/path-names.ts'
import { patternOf } from '../../src/classify/pattern.ts'
import { proposedRule } from '../../src/classify/pattern-rule.ts'
import { pathBytes, pathOfLatin1, pathText } from '../../src/types.ts'
import type { PathBytes } from '../../src/types.ts'

function ruleFor(path: PathBytes): string {
  return proposedRule(pathText(patternOf(path).key as PathBytes), 'feedback')
}

/** The glob as a rule file's reader sees it. */
function globOf(rule: string): string {
  const [, glob] = /^BLOCK:((?:\\.|[^\\:])*):[^:]+$/u.exec(rule) ?? []
  expect(glob, rule).toBeDefined()
  return (glob ?? '').replaceAll('\\:', ':')
}

function matches(glob: string, path: PathBytes): boolean {
  const compiled = compileGlob(glob)
  expect(compiled.kind, JSON.stringify([glob, compiled])).toBe('glob')
  return compiled.kind === 'glob' && compiled.patterns.some((pattern) => patternMatches(pattern, pathNames(path)))
}

test('a pattern with directories is proposed as it is, one at the top with a slash in front', () => {
  expect(ruleFor(pathBytes('runs/7/state-1.json'))).toBe(
    'BLOCK:runs/*/state-*.json:written in answer to our own commits',
  )
  expect(proposedRule('state-*.json', 'metronome')).toBe('BLOCK:/state-*.json:written on a steady beat by a program')
})

test('a proposal for a file at the top leaves files of that name elsewhere alone', () => {
  const glob = globOf(ruleFor(pathBytes('state-1.json')))
  expect(matches(glob, pathBytes('state-2.json'))).toBe(true)
  expect(matches(glob, pathBytes('src/state-2.json'))).toBe(false)
})

test.each([
  'a[1]/{b}/(c)!/d,e|f.json',
  'what?/why*.md',
  '!important.txt',
  '~/notes.txt',
  '#tag/c#.txt',
  '^start/end$',
  'cost$',
  ' lead/ing',
  'trail/ing ',
  'back\\slash/tab\there/new\nline',
  '.123',
  '.12/.34',
  'a:b/c:d.json',
  '*12*/x',
  'emoji 🙂/日本.md',
])('the proposal for %j is a valid rule that matches it', (text) => {
  const glob = globOf(ruleFor(pathBytes(text)))
  expect(matches(glob, pathBytes(text))).toBe(true)
})

test('micromatch reads a proposal the same way', () => {
  const path = 'my [old] {x}/run (1)/$a, b|c-17.json'
  expect(micromatch.isMatch(path, globOf(ruleFor(pathBytes(path))), { dot: true, noext: true })).toBe(true)
})

test('a name that is not UTF-8 gets a proposal, too', () => {
  const path = pathOfLatin1('caf\xe9\xff/x-1.json')
  expect(matches(globOf(ruleFor(path)), path)).toBe(true)
})

test('any path gets a valid proposal of at most 512 characters and 16 stars that matches it', () => {
  const unit = constantFrom('\u00e9', '\u{1f642}', ...'ab1234567890-._:*?[]{}()!|,$^~# \\\t'.split(''))
  const name = string({ unit, minLength: 1, maxLength: 60 }).filter((text) => text !== '.' && text !== '..')
  assert(
    property(array(name, { minLength: 1, maxLength: 25 }), (names) => {
      const path = pathBytes(names.join('/'))
      const glob = globOf(ruleFor(path))
      expect(glob.length).toBeLessThanOrEqual(512)
      expect(glob.split('*').length - 1).toBeLessThanOrEqual(16)
      expect(matches(glob, path)).toBe(true)
    }),
    { numRuns: 1000 },
  )
})

test('a path too long or too wild keeps as much of the way to it as fits', () => {
  const deep = `data/cache/${Array.from({ length: 20 }, (_, index) => `run${1000 + index}`).join('/')}/a1-b2.json`
  expect(globOf(ruleFor(pathBytes(deep)))).toBe(`data/cache/${'run*/'.repeat(13)}**/a*.json`)
  const long = `top/${Array.from({ length: 5 }, () => 'x'.repeat(200)).join('/')}/a1.json`
  expect(globOf(ruleFor(pathBytes(long)))).toBe(`top/${'x'.repeat(200)}/${'x'.repeat(200)}/**/a*.json`)
  const colons = `${'y'.repeat(255)}/${':'.repeat(255)}`
  expect(globOf(ruleFor(pathBytes(colons)))).toBe(`**/${':'.repeat(200)}*`)
  const numbers = Array.from({ length: 40 }, (_, index) => index).join('/')
  expect(globOf(ruleFor(pathBytes(numbers)))).toBe(`${'*/'.repeat(13)}**/*`)
})
