import { assert, boolean, constantFrom, property, record } from 'fast-check'
import { expect, test } from 'vitest'
import { plainMap, realEdits, ticked, yamlText } from '../support/plain-documents.ts'
import { cutDigest } from '../../src/classify/outline.ts'
import { yamlOutline } from '../../src/classify/yaml-outline.ts'
import { cpuMs } from '../support/cpu.ts'
import { compared } from '../support/compared.ts'

const outcome = (before: string, now: string): string => compared('a.yaml', before, now).outcome

const style = record({
  indent: constantFrom(2 as const, 4 as const),
  deepLists: boolean(),
  newline: constantFrom('\n', '\r\n'),
})

test('random documents in which only volatile values differ are volatile', () => {
  let volatile = 0
  assert(
    property(plainMap(), style, (map, { indent, deepLists, newline }) => {
      const before = yamlText(map, indent, deepLists, newline)
      const now = yamlText(ticked(map), indent, deepLists, newline)
      if (before === now) return
      volatile += 1
      expect(outcome(before, now), `${before}\n-->\n${now}`).toBe('volatile')
    }),
    { seed: 1, numRuns: 250 },
  )
  expect(volatile).toBeGreaterThan(80)
})

test('an edit of anything else in a random document is a change, whatever volatile members do meanwhile', () => {
  let edits = 0
  assert(
    property(plainMap(), style, (map, { indent, deepLists, newline }) => {
      const before = yamlText(map, indent, deepLists, newline)
      for (const edited of realEdits(map).slice(0, 6)) {
        edits += 1
        const now = yamlText(ticked(edited), indent, deepLists, newline)
        expect(outcome(before, now), `${before}\n-->\n${now}`).toBe('changed')
      }
    }),
    { seed: 2, numRuns: 150 },
  )
  expect(edits).toBeGreaterThan(200)
})

const volatile: readonly (readonly [string, string, string])[] = [
  ['a value', 'a: 1\ntimestamp: 1\n', 'a: 1\ntimestamp: 2\n'],
  ['a member added in front', 'a: 1\n', 'timestamp: 1\na: 1\n'],
  ['a member added in the middle', 'a: 1\nb: 1\n', 'a: 1\ntimestamp: 1\nb: 1\n'],
  ['a member added at the end', 'a: 1\n', 'a: 1\ntimestamp: 1\n'],
  ['a member in another spelling, moved', 'lastUpdate: 1\na: 1\n', 'a: 1\nlast_update: 2\n'],
  ['a value that goes missing', 'a: 1\ntimestamp: 1\n', 'a: 1\ntimestamp:\n'],
  ['a value on a line of its own', 'timestamp:\n  2026-01-07\na: 1\n', 'timestamp:\n  2026-01-08\na: 1\n'],
  ['the first member of a list item', '- timestamp: 1\n  a: 1\n- b\n', '- timestamp: 2\n  a: 1\n- b\n'],
  ['one added at the front of a list item', '- a: 1\n', '- timestamp: 2\n  last_update: 3\n  a: 1\n'],
  ['the only member of a list item', '- timestamp: 1\n- timestamp: 1\n', '- timestamp: 2\n- timestamp: 3\n'],
  ['one in a list as deep as its key', 'l:\n- timestamp: 1\n  a: 1\nb: 1\n', 'l:\n- a: 1\nb: 1\n'],
  ['one in a flow mapping', 'a: {timestamp: 1, b: 2}\n', 'a: {timestamp: 2, b: 2}\n'],
  ['one added to a flow mapping', 'a: {b: 2}\n', 'a: {b: 2, timestamp: 2}\n'],
  ['one deep in flow', 'a: [{b: {"timestamp": 1}}, c]\n', 'a: [{b: {"timestamp": 2}}, c]\n'],
  ['one in flow over lines', 'a: {\n  timestamp: 1,\n  b: 2\n}\n', 'a: {\n  timestamp: 2,\n  b: 2\n}\n'],
  ['one with a comment that stays', 'timestamp: 1 # note\na: 1\n', 'timestamp: 22 # note\na: 1\n'],
  ['one before a comment about the next', 'timestamp:\n  1\n# a\na: 1\n', 'timestamp:\n  2\n# a\na: 1\n'],
  ['one inside a mapping of such a name', 'heartbeat:\n  timestamp: 1\n', 'heartbeat:\n  timestamp: 2\n'],
  [
    'one beside a block scalar that reads like it',
    'a: |\n  timestamp: 1\ntimestamp: 1\n',
    'a: |\n  timestamp: 1\ntimestamp: 2\n',
  ],
  ['one in the second document', 'a: 1\n---\ntimestamp: 1\nb: 1\n', 'a: 1\n---\ntimestamp: 2\nb: 1\n'],
  [
    'one beside anchors and merge keys',
    'x: &x\n  a: 1\ny:\n  <<: *x\n  timestamp: 1\n',
    'x: &x\n  a: 1\ny:\n  <<: *x\n  timestamp: 2\n',
  ],
  ['without a newline at the end', 'a: 1\ntimestamp: 1', 'a: 1\ntimestamp: 2'],
  ['a quoted key', '"timestamp": 1\na: 1\n', "'timestamp': 2\na: 1\n"],
  ['with a byte order mark', '\ufefftimestamp: 1\na: 1\n', '\ufefftimestamp: 2\na: 1\n'],
]

test.each(volatile)('only volatile: %s', (_, before, now) => {
  expect(compared('a.yaml', before, now)).toMatchObject({ format: 'yaml', outcome: 'volatile', changed: [] })
  expect(compared('a.YML', now, before).outcome).toBe('volatile')
})

const changed: readonly (readonly [string, string, string])[] = [
  ['prose', 'timestamp: when it was told\n', 'timestamp: when it was written\n'],
  ['a type', 'timestamp: string\n', 'timestamp: date\n'],
  ['a duration', 'timestamp: 30s\n', 'timestamp: 60s\n'],
  ['a switch', 'timestamp: true\n', 'timestamp: false\n'],
  ['a mapping', 'timestamp:\n  x: 1\n', 'timestamp:\n  x: 2\n'],
  ['a list', 'timestamp:\n- 1\n- 2\n', 'timestamp:\n- 1\n'],
  ['a mapping in brackets', 'timestamp: {x: 1}\n', 'timestamp: {x: 2}\n'],
  ['a list in brackets', 'a: {timestamp: [1, 2]}\n', 'a: {timestamp: [1]}\n'],
  ['prose in brackets', 'a: {timestamp: one}\n', 'a: {timestamp: two}\n'],
  ['a scalar that becomes a mapping', 'a: 1\ntimestamp: 1\n', 'a: 1\ntimestamp:\n  x: 1\n'],
  ['a block scalar', 'timestamp: |\n  one\n  two\na: 1\n', 'timestamp: >-\n  three\na: 1\n'],
  ['a folded value', 'timestamp: one\n  two\na: 1\n', 'timestamp: one\n  three\na: 1\n'],
  ['a comment between', 'timestamp:\n# one\n  1\na: 1\n', 'timestamp:\n# two\n  1\na: 1\n'],
  ['a comment', 'timestamp: 1 # one\n', 'timestamp: 1 # two\n'],
  ['a comment in a volatile mapping', 'timestamp:\n  # one\n  x: 1\na: 1\n', 'timestamp:\n  # two\n  x: 1\na: 1\n'],
  ['a comment behind a line of it', 'timestamp:\n  x: 1 # one\na: 1\n', 'timestamp:\n  x: 1 # two\na: 1\n'],
  ['a comment above', '# one\ntimestamp: 1\n', '# two\ntimestamp: 1\n'],
  ['a blank line', 'timestamp: 1\n\na: 1\n', 'timestamp: 1\na: 1\n'],
  ['quotes', 'a: 1\n', 'a: "1"\n'],
  ['text that reads like a member', 'a: |\n  timestamp: 1\n', 'a: |\n  timestamp: 2\n'],
  ['a folded text that reads like one', 'a: "x\n  timestamp: 1"\n', 'a: "x\n  timestamp: 2"\n'],
  ['an anchor that others use', 'timestamp: &t 1\na: *t\n', 'timestamp: &t 2\na: *t\n'],
  ['an anchor inside', 'timestamp:\n  x: &t 1\na: *t\n', 'timestamp:\n  x: &t 2\na: *t\n'],
  ['a key given twice', 'a: 1\na: 2\ntimestamp: 1\n', 'a: 1\na: 2\ntimestamp: 2\n'],
  ['the only member, which goes', 'a:\n  timestamp: 1\n', 'a:\n'],
  ['the only member of an item, which goes', '- timestamp: 1\n', '-\n'],
  ['deeper now', 'a:\n  timestamp: 1\n  b: 1\n', 'a:\n  timestamp: 1\nb: 1\n'],
  ['line ends', 'timestamp: 1\r\na: 1\r\n', 'timestamp: 1\na: 1\n'],
  ['another document', 'timestamp: 1\n', '---\ntimestamp: 1\n'],
  ['a tag', 'a: !!str 1\n', 'a: 1\n'],
  ['numbers that a parser cannot tell apart', 'a: 9007199254740993\n', 'a: 9007199254740992\n'],
]

test.each(changed)('a change: %s', (_, before, now) => {
  expect(compared('a.yaml', before, now).outcome).toBe('changed')
})

test('the scanner alone sees these changes, before the parser gives its second opinion', () => {
  const left = (text: string): string | null => {
    const outline = yamlOutline(text, (name) => name === 'timestamp')
    return outline === null ? null : cutDigest(text, outline.cuts)
  }
  const missed = changed.filter(([, before, now]) => left(before) !== null && left(before) === left(now))
  expect(missed.map(([what]) => what)).toEqual(['a key given twice'])
})

const refused: readonly (readonly [string, string])[] = [
  ['a tab for indentation', 'a:\n\tb: 1\ntimestamp: '],
  ['an explicit key', '? a\n: 1\ntimestamp: '],
  ['a directive', '%YAML 1.2\n---\ntimestamp: '],
  ['text on the line of a document marker', '--- a\n---\ntimestamp: '],
  ['a lone carriage return', 'a: 1\rb: 2\ntimestamp: '],
  ['a control character', 'a: \x01\ntimestamp: '],
  ['an unclosed string', 'a: "x\ntimestamp: '],
  ['an unclosed bracket', 'a: [1\ntimestamp: '],
  ['a mapping in the line of a key', 'a: b: c\ntimestamp: '],
  ['a key with an anchor', '&a b: 1\ntimestamp: '],
  ['a template', '{{ x }}: 1\ntimestamp: '],
  ['more lines than are looked into', `${Array.from({ length: 1_000 }, (_, i) => `a${i}: 1\n`).join('')}timestamp: `],
  ['more values in brackets than are looked into', `a: [${'1, '.repeat(1_000)}1]\ntimestamp: `],
  ['more bytes than are looked into', `a: ${'x'.repeat(65_536)}\ntimestamp: `],
]

test.each(refused)('not analysable, so a change: %s', (_, text) => {
  const finding = compared('a.yaml', `${text}1\n`, `${text}2\n`)
  expect(finding).toMatchObject({ format: 'yaml', outcome: 'changed' })
})

test('invalid UTF-8 is not analysable, and differs', () => {
  const bytes = (last: number): Buffer => Buffer.concat([Buffer.from('timestamp: 1\na: '), Buffer.of(last, 10)])
  expect(compared('a.yaml', bytes(0xff), bytes(0xfe)).outcome).toBe('changed')
})

test('members that differ are named', () => {
  const before = 'a:\n  - b: 1\n    timestamp: 1\n  - c\nd: {timestamp: 1, e: 1}\n'
  const now = 'a:\n  - b: 2\n    timestamp: 2\n  - c\nd: {timestamp: 2, e: 1}\n'
  expect(compared('a.yaml', before, now)).toMatchObject({
    changed: ['.a[0].b'],
    volatile: ['.a[0].timestamp', '.d.timestamp'],
    detail: 'members differ: .a[0].b',
  })
})

const hostile: readonly (readonly [string, string])[] = [
  ['brackets', '['.repeat(1_000_000)],
  ['flow mappings', '{a: '.repeat(1_000_000)],
  ['dashes', '- '.repeat(1_000_000)],
  ['questions', '? '.repeat(30_000)],
  ['anchors', `a: ${'&a '.repeat(20_000)}`],
  ['commas', `a: [${','.repeat(60_000)}]`],
  ['indentation', Array.from({ length: 300 }, (_, depth) => `${' '.repeat(depth)}a:`).join('\n')],
  ['blank lines', '\n'.repeat(60_000)],
  ['comments', '#\n'.repeat(30_000)],
  ['quotes', "'".repeat(60_001)],
  ['a long scalar', `a: ${'x'.repeat(60_000)}`],
  ['aliases of aliases', Array.from({ length: 60 }, (_, i) => `a${i}: &a${i} [*a${i - 1}, *a${i - 1}]`).join('\n')],
]

test.each(hostile)('hostile input is answered soon: %s', (_, text) => {
  const startMs = cpuMs()
  compared('a.yaml', `${text}\ntimestamp: 1\n`, `${text}\ntimestamp: 2\n`)
  expect(cpuMs() - startMs).toBeLessThan(1_000)
})
