import { expect, test } from 'vitest'
import { compileGlob, exactRank, patternMatches } from '../../src/classify/globs.ts'
import { pathNames } from '../../src/classify/path-names.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import type { PathBytes } from '../../src/types.ts'

function matches(glob: string, path: PathBytes): boolean {
  const compiled = compileGlob(glob)
  if (compiled.kind === 'fault') throw new Error(`${glob}: ${compiled.fault.problem}`)
  return compiled.patterns.some((pattern) => patternMatches(pattern, pathNames(path)))
}

function ranks(glob: string): number[] {
  const compiled = compileGlob(glob)
  return compiled.kind === 'fault' ? [] : compiled.patterns.map((pattern) => pattern.rank)
}

const table: readonly (readonly [glob: string, hits: readonly string[], misses: readonly string[]])[] = [
  ['*.log', ['a.log', 'x/y/a.log', '.log', 'x/.a.log'], ['a.LOG', 'a.log/b', 'a.logs']],
  ['CLAUDE.md', ['CLAUDE.md', 'a/b/CLAUDE.md'], ['CLAUDE.md/x', 'xCLAUDE.md', 'claude.md']],
  ['/CLAUDE.md', ['CLAUDE.md'], ['a/CLAUDE.md']],
  ['/*.md', ['a.md'], ['a/b.md']],
  ['logs/**', ['logs/a', 'logs/a/b', 'logs/.a'], ['logs', 'a/logs/b', 'logsx/a']],
  ['logs/**/*.log', ['logs/a.log', 'logs/x/y/a.log'], ['logs', 'logs/a', 'x/logs/a.log']],
  ['logs/', ['logs', 'logs/a', 'x/logs/a/b'], ['logs.txt', 'xlogs/a']],
  ['/logs/', ['logs', 'logs/a'], ['x/logs/a']],
  ['a/logs/', ['a/logs', 'a/logs/x'], ['logs/x', 'b/a/logs/x']],
  ['*.d/', ['x.d/a', 'q/x.d/a'], ['d/a', 'x.d2/a']],
  ['**', ['a', 'a/b', '.a/.b'], []],
  ['**/a', ['a', 'x/a', 'x/y/a'], ['a/x', 'ba']],
  ['**/a/**', ['a/x', 'y/a/x/z'], ['a', 'x/a']],
  ['a/**/b', ['a/b', 'a/x/b', 'a/x/y/b'], ['a/xb', 'b', 'a']],
  ['a/**/*/**/b', ['a/x/b', 'a/x/y/b'], ['a/b']],
  ['a/*', ['a/x', 'a/.x'], ['a', 'a/x/y']],
  ['a**b', ['ab', 'axxb'], ['a/b']],
  ['?', ['a', 'x/a', 'é', '🙂'], ['ab']],
  ['[a-c]?', ['ax', 'c.'], ['dx', 'a']],
  ['[^a-c]', ['d', '.'], ['a', 'b']],
  ['[!a-c]', ['d', '!'], ['a']],
  ['[!ab]x', ['cx'], ['ax', '[!ab]x']],
  ['[]]x', [']x'], ['x']],
  ['[a\\]]', ['a', ']'], ['\\']],
  ['[🙂é]', ['🙂', 'é'], ['x']],
  ['[а-я]*', ['файл'], ['file']],
  ['app/[slug]/page.tsx', ['app/[slug]/page.tsx', 'app/s/page.tsx'], ['app/slug/page.tsx']],
  ['*.{js,ts}', ['a.js', 'x/a.ts'], ['a.jsx']],
  ['{*.log,tmp/x}', ['q/a.log', 'tmp/x'], ['q/tmp/x']],
  ['{docs,src}/**', ['docs/a', 'src/a/b'], ['docs', 'lib/a']],
  ['f{1..10}', ['f1', 'f10'], ['f0', 'f11']],
  ['f{01..03}', ['f02'], ['f2']],
  ['f{9..1..4}', ['f9', 'f5', 'f1'], ['f7']],
  ['{9..9}', ['9'], ['{9..9}']],
  ['{a..c}x', ['bx'], ['dx']],
  ['{a,{b,c}{d,e}}', ['a', 'bd', 'ce'], ['b', 'ad']],
  ['a{,.bak}', ['a', 'a.bak'], ['a.']],
  ['*{,.d}*', ['anything', 'x/y.d'], []],
  ['x/*{,.d}*', ['x/y'], ['x/y/z']],
  ['{name}.{{cookie.cutter}}', ['{name}.{{cookie.cutter}}'], ['name.cookie']],
  ['{a\\,b,c}', ['a,b', 'c'], ['a']],
  ['{"a",$b,[,x]c}', ['"a"', '$b', ',c', 'xc'], ['a', 'c']],
  ['a:b', ['a:b'], ['a']],
  ['a\\:b', ['a:b'], ['a\\:b']],
  ['\\*\\?\\[\\{\\(\\!', ['*?[{(!'], ['xx']],
  ['"quoted" name+@!', ['"quoted" name+@!'], ['quoted name+@!']],
  ['#*#', ['#x#'], ['#x']],
  ['a,b', ['a,b'], ['a']],
]

test.each(table)('%s', (glob, hits, misses) => {
  for (const hit of hits) expect(matches(glob, pathBytes(hit)), hit).toBe(true)
  for (const miss of misses) expect(matches(glob, pathBytes(miss)), miss).toBe(false)
})

test('composed and decomposed names are two names', () => {
  expect(matches('caf\u00e9', pathBytes('caf\u00e9'))).toBe(true)
  expect(matches('caf\u00e9', pathBytes('cafe\u0301'))).toBe(false)
  expect(matches('caf??', pathBytes('cafe\u0301'))).toBe(true)
})

test('line breaks, quotes and the longest names match like any other', () => {
  expect(matches('a*b', pathBytes('a\n\n"b'))).toBe(true)
  expect(matches('**/x', pathBytes('a\nb/\r/x'))).toBe(true)
  expect(matches('a?b', pathBytes('a\nb'))).toBe(true)
  expect(matches('*.log', pathBytes(`${'é'.repeat(125)}x.log`))).toBe(true)
  expect(matches('?'.repeat(255), pathBytes('y'.repeat(255)))).toBe(true)
})

test('a byte that is not UTF-8 is one character that no literal matches', () => {
  const latin = pathOfLatin1('caf\xe9')
  expect(matches('caf?', latin)).toBe(true)
  expect(matches('caf*', latin)).toBe(true)
  expect(matches('caf[^a]', latin)).toBe(true)
  expect(matches('café', latin)).toBe(false)
  expect(matches('caf??', latin)).toBe(false)
  expect(matches('????', pathOfLatin1('\xff\xc3\xa9\xed\xa0'))).toBe(true)
  expect(matches('???', pathOfLatin1('\xf0\x9f\x98\x80\xf0\x9f'))).toBe(true)
})

test('paths of different bytes become different names, and valid ones their text', () => {
  const bytes = [
    '\xc3\xa9',
    '\xe9',
    '\xc3',
    '\xa9',
    '\xed\xa0\x80',
    '\xed\xb3\xa9',
    '\xef\xbf\xbd',
    '\xc0\xaf',
    '\xf8\x88\x80\x80\x80',
  ]
  const texts = bytes.map((path) => pathNames(pathOfLatin1(path)).join('/'))
  expect(new Set(texts).size).toBe(bytes.length)
  expect(texts[0]).toBe('é')
  expect(texts[6]).toBe('\ufffd')
  expect(pathNames(pathBytes('a/🙂/\ufeffb'))).toEqual(['a', '🙂', '\ufeffb'])
  expect(pathNames(pathOfLatin1('\xef\xbf\xbd\xff'))).toEqual(['\ufffd\udcff'])
})

test('the rank counts the literal segments before the first wildcard', () => {
  expect(ranks('docs/**/*.md')).toEqual([1])
  expect(ranks('.claude/commands/**')).toEqual([2])
  expect(ranks('*/a/b')).toEqual([0])
  expect(ranks('a/b/')).toEqual([2])
  expect(ranks('a/b')).toEqual([exactRank])
  expect(ranks('/a')).toEqual([exactRank])
  expect(ranks('{a/b/*,c}')).toEqual([2, 0])
  expect(ranks('app/[id]/x')).toEqual([1, 1])
})

test('a glob without a slash has no literal segment: it may lie at any depth', () => {
  expect(ranks('CLAUDE.md')).toEqual([0])
  expect(ranks('logs/')).toEqual([0])
})

// Each of these keeps a regular expression busy for seconds to years.
const hostile: readonly (readonly [glob: string, path: string])[] = [
  ['*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b', 'a'.repeat(255)],
  ['?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*?*b', 'a'.repeat(255)],
  ['*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*[ab]*c', 'ab'.repeat(127)],
  ['**/a/**/a/**/a/**/a/**/a/**/a/**/a/**/b', Array<string>(200).fill('a').join('/')],
  ['**/*a*/**/*a*/**/*a*/**/z', Array<string>(200).fill('bab').join('/')],
  ['**/*a*a*/**/*a*a*/**/*a*a*/**/*a*a*/**/z', Array<string>(15).fill('a'.repeat(255)).join('/')],
  ['**/?/**/?/**/?/**/?/**/?/**/?/**/?/**/z', Array<string>(2000).fill('a').join('/')],
]

test.each(hostile)('%s is refused a path in no time', (glob, path) => {
  const compiled = compileGlob(glob)
  expect(compiled.kind).toBe('glob')
  const bytes = pathBytes(path)
  const startedAt = performance.now()
  for (let round = 0; round < 10; round += 1) expect(matches(glob, bytes)).toBe(false)
  // A tenth of a second for one path would be an attack; backtracking would need years.
  expect((performance.now() - startedAt) / 10).toBeLessThan(100)
})

test('braces are counted before they are expanded', () => {
  const startedAt = performance.now()
  for (const glob of [
    '{a,b}'.repeat(20),
    '{1..10}'.repeat(7),
    '{1..100000}',
    `${'{a,'.repeat(120)}b${'}'.repeat(120)}{a,b,c}`,
  ]) {
    expect(compileGlob(glob)).toMatchObject({
      kind: 'fault',
      fault: { problem: 'the braces stand for more than 256 globs' },
    })
  }
  expect(performance.now() - startedAt).toBeLessThan(1000)
  const most = compileGlob('{a,b}'.repeat(8))
  expect(most.kind === 'glob' && most.patterns.length).toBe(256)
})
