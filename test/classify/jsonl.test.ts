import { array, assert, boolean, constantFrom, nat, oneof, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { strippedLinesDigest } from '../../src/classify/jsonl.ts'
import { strippedDigest } from '../../src/classify/json-strip.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { cpuMs } from '../support/cpu.ts'
import { compared } from '../support/compared.ts'
import { classifierWith, committed, judged } from '../support/judging.ts'
import { drawModel, printed, seeded, styles } from '../support/json-documents.ts'

const keys = createVolatileKeys(['timestamp', 'last_update', 'session_id'])
const digest = (text: string): string | null => strippedLinesDigest(Buffer.from(text), keys)
const line = (seed: number): string => printed(drawModel(seeded(seed)), styles[seed % 2] as (typeof styles)[0])

test('lines that differ in volatile members only are volatile, and those are named by line', () => {
  const before = '{"timestamp":1,"a":1}\n{"a":{"lastUpdate":1}}\n'
  const now = '{"timestamp":2,"a":1}\n{"a":{}}\n'
  for (const name of ['a.jsonl', 'a.ndjson', 'a.JSONL']) {
    expect(compared(name, before, now)).toMatchObject({
      format: 'jsonl',
      outcome: 'volatile',
      volatile: ['[0].timestamp', '[1].a.lastUpdate'],
    })
  }
})

const changed: readonly (readonly [string, string, string])[] = [
  ['a line appended', '{"a":1}\n', '{"a":1}\n{"a":2}\n'],
  ['a line appended that holds volatile members only', '{"a":1}\n', '{"a":1}\n{"timestamp":1}\n'],
  ['an empty object appended', '{"timestamp":1}\n', '{"timestamp":1}\n{}\n'],
  ['a line that goes', '{"timestamp":1}\n{"timestamp":1}\n', '{"timestamp":1}\n'],
  ['lines that change places', '{"a":1}\n{"a":2}\n', '{"a":2}\n{"a":1}\n'],
  ['a blank line', '{"timestamp":1}\n', '{"timestamp":2}\n\n'],
  ['the newline at the end', '{"timestamp":1}', '{"timestamp":2}\n'],
  ['a member', '{"timestamp":1,"a":1}\n', '{"timestamp":2,"a":2}\n'],
  ['a big integer', '{"a":9007199254740993}\n', '{"a":9007199254740992}\n'],
  ['a line that is no JSON', '{"timestamp":1}\nx\n', '{"timestamp":2}\nx\n'],
  ['a line that is half written', '{"timestamp":1}\n{"a"', '{"timestamp":2}\n{"a"'],
  ['one object over two lines', '{"timestamp":1,\n"a":1}\n', '{"timestamp":2,\n"a":1}\n'],
  ['the first line of an empty file', '', '{"timestamp":1}\n'],
]

test.each(changed)('a change: %s', (_, before, now) => {
  expect(compared('a.jsonl', before, now)).toMatchObject({ format: 'jsonl', outcome: 'changed' })
})

test('a document of one line has the same say as JSON, and lines are independent', () => {
  assert(
    property(array(nat(100_000), { minLength: 1, maxLength: 5 }), nat(100_000), (seeds, other) => {
      const lines = seeds.map(line)
      const at = other % lines.length
      const edited = lines.with(at, line(other))
      const isSame =
        strippedDigest(Buffer.from(lines[at] ?? ''), keys) === strippedDigest(Buffer.from(line(other)), keys)
      expect(digest(lines.join('\n')) === digest(edited.join('\n'))).toBe(isSame)
    }),
    { seed: 5, numRuns: 500 },
  )
})

test('whatever is put behind a document, it is a change', () => {
  const tail = oneof(string({ minLength: 1 }), nat(10_000).map(line), constantFrom('\n', ' ', '}', '1\n'))
  assert(
    property(array(nat(10_000), { maxLength: 4 }), boolean(), tail, (seeds, ended, appended) => {
      const before = seeds.map(line).join('\n') + (ended ? '\n' : '')
      const one = digest(before)
      const other = digest(before + appended)
      expect(one === null || other === null || one !== other, JSON.stringify([before, appended])).toBe(true)
    }),
    { seed: 6, numRuns: 1_000 },
  )
})

test('a million levels on a line are not analysable, and soon', () => {
  const startMs = cpuMs()
  expect(compared('a.jsonl', '{"timestamp":1}\n', `{"timestamp":2}\n${'['.repeat(1_000_000)}\n`).outcome).toBe(
    'changed',
  )
  expect(cpuMs() - startMs).toBeLessThan(1_000)
})

test('an append is a change by its end alone, without a look at either version', () => {
  const base = committed('{"a":1}\n')
  const grown = (addedBytes: number, tail: string) =>
    judged(classifierWith(''), 'a.jsonl', { base, growth: { addedBytes, tail: Buffer.from(tail) } })
  const { verdict, needs } = grown(16, '{"a":2}\n{"a":3}\n')
  expect(verdict).toMatchObject({
    decision: 'sync',
    content: { format: 'jsonl', outcome: 'changed', detail: '2 lines appended' },
  })
  expect(needs).toEqual(['scope', 'writer', 'base', 'growth', 'lane'])
  expect(grown(8, '{"a":2}\n').verdict.content?.detail).toBe('a line appended')
  expect(grown(5_000_000, '{"a":2}\n').verdict.content?.detail).toBe('lines appended (4883 KB)')
})
