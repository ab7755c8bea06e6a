import { assert, property } from 'fast-check'
import { expect, test } from 'vitest'
import { cpuMs } from '../support/cpu.ts'
import { compared } from '../support/compared.ts'
import { plainMap, realEdits, ticked, tomlScalars, tomlText } from '../support/plain-documents.ts'

const outcome = (before: string, now: string): string => compared('a.toml', before, now).outcome

test('random documents in which only volatile values differ are volatile', () => {
  let volatile = 0
  assert(
    property(plainMap(tomlScalars), (map) => {
      const [before, now] = [tomlText(map), tomlText(ticked(map))]
      if (before === now) return
      volatile += 1
      expect(outcome(before, now), `${before}\n-->\n${now}`).toBe('volatile')
    }),
    { seed: 3, numRuns: 400 },
  )
  expect(volatile).toBeGreaterThan(100)
})

test('an edit of anything else in a random document is a change, whatever volatile members do meanwhile', () => {
  let edits = 0
  assert(
    property(plainMap(tomlScalars), (map) => {
      const before = tomlText(map)
      for (const edited of realEdits(map).slice(0, 6)) {
        edits += 1
        const now = tomlText(ticked(edited))
        expect(outcome(before, now), `${before}\n-->\n${now}`).toBe('changed')
      }
    }),
    { seed: 4, numRuns: 300 },
  )
  expect(edits).toBeGreaterThan(400)
})

const volatile: readonly (readonly [string, string, string])[] = [
  ['a value', 'a = 1\ntimestamp = 1\n', 'a = 1\ntimestamp = 2\n'],
  ['a member added', 'a = 1\n[t]\nb = 1\n', 'timestamp = 2\na = 1\n[t]\nlastUpdate = 1\nb = 1\n'],
  ['a date', 'timestamp = 1979-05-27 07:32:00\na = 1\n', 'timestamp = 1979-05-27T07:32:01Z\na = 1\n'],
  ['a dotted key', 'a.timestamp = 1\na.b = 1\n', 'a.timestamp = 2\na.b = 1\n'],
  ['a quoted key', '"timestamp" = 1\na = 1\n', "'last-update' = 2\na = 1\n"],
  ['one in a table of such a name', '[heartbeat]\ntimestamp = 1\n', '[heartbeat]\ntimestamp = 2\n'],
  ['one in a table of an array', '[[l]]\ntimestamp = 1\na = 1\n[[l]]\na = 2\n', '[[l]]\na = 1\n[[l]]\na = 2\n'],
  ['one in an inline table', 'a = { timestamp = 1, b = 2 }\n', 'a = { timestamp = 2, b = 2 }\n'],
  ['one added to an inline table', 'a = {b = 2}\n', 'a = {b = 2, timestamp = 2}\n'],
  ['the only member of an inline table', 'a = {}\n', 'a = {timestamp = 1}\n'],
  ['one with a comment that stays', 'timestamp = 1 # note\na = 1\n', 'timestamp = 22 # note\na = 1\n'],
  ['the only member of a table', '[a]\ntimestamp = 1\n', '[a]\n'],
  ['with Windows line ends', 'a = 1\r\ntimestamp = 1\r\n', 'a = 1\r\ntimestamp = 2\r\n'],
]

test.each(volatile)('only volatile: %s', (_, before, now) => {
  expect(compared('a.toml', before, now)).toMatchObject({ format: 'toml', outcome: 'volatile', changed: [] })
  expect(compared('a.TOML', now, before).outcome).toBe('volatile')
})

const changed: readonly (readonly [string, string, string])[] = [
  ['prose', 'timestamp = "when it was told"\n', 'timestamp = "when it was written"\n'],
  ['a switch', 'timestamp = true\n', 'timestamp = false\n'],
  ['a text over lines', 'timestamp = """\none\n"""\na = 1\n', 'timestamp = """\ntwo\n"""\na = 1\n'],
  ['a list', 'timestamp = [\n  1,\n]\na = 1\n', 'timestamp = [\n  1,\n  2,\n]\na = 1\n'],
  ['a table', 'a = 1\n[timestamp]\nx = 1\n', 'a = 1\n[timestamp]\nx = 2\n'],
  ['one of many tables', '[[timestamp]]\na = 1\n[[timestamp]]\na = 2\n', '[[timestamp]]\na = 1\n'],
  ['a table below it', 'a = 1\n[timestamp.x]\ny = 1\n', 'a = 1\n[timestamp.x]\ny = 2\n'],
  ['a member of an inline table', 'timestamp = { x = 1 }\n', 'timestamp = { x = 2 }\n'],
  ['a member of it by a dotted key', 'timestamp.x = 1\n', 'timestamp.x = 2\n'],
  ['the same in an inline table', 'a = { timestamp.x = 1 }\n', 'a = { timestamp.x = 2 }\n'],
  ['a comment', 'timestamp = 1 # one\n', 'timestamp = 1 # two\n'],
  ['a comment in a volatile list', 'timestamp = [\n 1, # one\n]\n', 'timestamp = [\n 1, # two\n]\n'],
  ['a comment in a volatile table', '[timestamp]\n# one\nx = 1\n', '[timestamp]\n# two\nx = 1\n'],
  ['a blank line', 'timestamp = 1\n\na = 1\n', 'timestamp = 1\na = 1\n'],
  ['text that reads like a member', 'a = """\ntimestamp = 1\n"""\n', 'a = """\ntimestamp = 2\n"""\n'],
  ['literal text that reads like one', "a = '''\ntimestamp = 1\n'''\n", "a = '''\ntimestamp = 2\n'''\n"],
  ['numbers that a parser cannot tell apart', 'a = 0.1\n', 'a = 0.10000000000000000555\n'],
  ['integers beyond 2^53', 'a = 9007199254740993\n', 'a = 9007199254740992\n'],
  ['a table that goes missing', '[a]\ntimestamp = 1\n', 'timestamp = 1\n'],
  ['a key given twice', 'a = 1\na = 1\ntimestamp = 1\n', 'a = 1\na = 1\ntimestamp = 2\n'],
  ['what the parser refuses', 'a = 1_\ntimestamp = 1\n', 'a = 1_\ntimestamp = 2\n'],
  ['a table of another name', '[a]\ntimestamp = 1\n', '[b]\ntimestamp = 1\n'],
  ['a member that moves to another table', '[a]\nx = 1\n[b]\n', '[a]\n[b]\nx = 1\n'],
]

test.each(changed)('a change: %s', (_, before, now) => {
  expect(outcome(before, now)).toBe('changed')
})

const refused: readonly (readonly [string, string])[] = [
  [
    'more statements than are looked into',
    `${Array.from({ length: 4_000 }, (_, i) => `a${i} = 1\n`).join('')}timestamp = `,
  ],
  ['more values than are looked into', `a = [${'1, '.repeat(4_000)}1]\ntimestamp = `],
  ['an unclosed string', 'a = "x\ntimestamp = '],
  ['an unclosed list', 'a = [1\ntimestamp = '],
  ['no value', 'a =\ntimestamp = '],
  ['no key', '= 1\ntimestamp = '],
  ['two values', 'a = 1 2 3\ntimestamp = '],
  ['an unclosed header', '[a\ntimestamp = '],
  ['text', 'hello\ntimestamp = '],
  ['a million brackets', `a = ${'['.repeat(500_000)}\ntimestamp = `],
  ['a million names', `${'a.'.repeat(250_000)}b = 1\ntimestamp = `],
  ['a million quotes', `a = ${"'".repeat(500_001)}\ntimestamp = `],
  ['a long line of keys', `${'a '.repeat(250_000)}\ntimestamp = `],
]

test.each(refused)('not analysable, so a change, and soon: %s', (_, text) => {
  const startMs = cpuMs()
  const finding = compared('a.toml', `${text}1\n`, `${text}2\n`)
  expect(finding).toMatchObject({ format: 'toml', outcome: 'changed' })
  expect(cpuMs() - startMs).toBeLessThan(1_000)
})

test('members that differ are named', () => {
  const before = 'a = 1\n[t."x y"]\ntimestamp = 1\n[[l]]\nb = {timestamp = 1, c = 1}\n[[l]]\nd = [1, 2]\n'
  const now = before.replace('a = 1', 'a = 2').replaceAll('timestamp = 1', 'timestamp = 2').replace('[1, 2]', '[1]')
  expect(compared('a.toml', before, now)).toMatchObject({
    changed: ['.a', '.l[1].d'],
    volatile: ['.t["x y"].timestamp', '.l[0].b.timestamp'],
  })
})
