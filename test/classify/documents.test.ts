import { expect, test } from 'vitest'
import { createDocuments } from '../../src/classify/documents.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import { pathBytes } from '../../src/types.ts'

const documents = createDocuments(createVolatileKeys(['updated_at', 'session_id']), parsers)

const json = (value: unknown): string => JSON.stringify(value, null, 2) + '\n'
const note = (at: string, text: string): string => `---\ntitle: t\nupdated_at: ${at}\n---\n${text}\n`

function levelled(path: string, base: string, ours: string, theirs: string): readonly string[] | null {
  const [one, two, three] = [base, ours, theirs].map((text) => Buffer.from(text)) as [Buffer, Buffer, Buffer]
  const both = [
    documents.levelled(pathBytes(path), { base: one, ours: two, theirs: three }),
    documents.levelled(pathBytes(path), { base: one, ours: three, theirs: two }),
  ] as const
  const [here, there] = both
  if (here === null || there === null) {
    expect(both).toEqual([null, null])
    return null
  }
  expect(here).toEqual({ base: there.base, ours: there.theirs, theirs: there.ours })
  return [here.base, here.ours, here.theirs].map((bytes) => Buffer.from(bytes).toString())
}

test.each([
  ['a.json', json({ a: 1, updatedAt: '1' }), json({ a: 1, updatedAt: '2' }), true],
  ['a.json', json({ a: 1, updatedAt: '1' }), json({ a: 2, updatedAt: '2' }), false],
  ['a.json', json({ a: 1 }), json({ updatedAt: '2', a: 1 }), true],
  ['a.json', '{', '{', false],
  ['a.yaml', 'a: 1\nupdated_at: 1\n', 'a: 1\nupdated_at: 2\n', true],
  ['a.toml', 'a = 1\nupdated_at = 1\n', 'a = 1\nupdated_at = 2\n', true],
  ['a.md', note('1', 'x'), note('2', 'x'), true],
  ['a.md', note('1', 'x'), note('1', 'y'), false],
  ['a.md', 'no head\n', 'no head\n', false],
  ['a.txt', 'updated_at: 1\n', 'updated_at: 2\n', false],
] as const)('%s: %j and %j are alike: %j', (path, one, other, expected) => {
  expect(documents.alike(pathBytes(path), Buffer.from(one), Buffer.from(other))).toBe(expected)
})

test('all three get the later moment, whichever side is called ours', () => {
  const version = (a: number, at: string): string => json({ a, updated_at: at, b: { session_id: at, c: 1 } })
  const late = '2026-03-02'
  expect(levelled('a.json', version(1, '2026-01-01'), version(2, '2026-03-01'), version(3, late))).toEqual([
    version(1, late),
    version(2, late),
    version(3, late),
  ])
  expect(levelled('a.md', note('1', 'x'), note('2', 'y'), note('3', 'z'))).toEqual([
    note('3', 'x'),
    note('3', 'y'),
    note('3', 'z'),
  ])
  const yaml = (at: string, a: string): string => `updated_at: ${at}\na: ${a}\nb:\n  session_id: ${at}\n  c: 1\n`
  expect(levelled('a.yml', yaml('1', 'x'), yaml('3', 'y'), yaml('2', 'z'))).toEqual([
    yaml('3', 'x'),
    yaml('3', 'y'),
    yaml('3', 'z'),
  ])
})

test('where a side has other volatile members, or has them elsewhere, there is no telling', () => {
  const a = json({ a: 1, updated_at: 1 })
  expect(levelled('a.json', a, json({ a: 2, updated_at: 2, session_id: 1 }), json({ a: 3, updated_at: 3 }))).toBeNull()
  expect(levelled('a.json', a, json({ updated_at: 2, a: 2 }), json({ a: 3, updated_at: 3 }))).toBeNull()
  expect(levelled('a.json', a, '{', json({ a: 3, updated_at: 3 }))).toBeNull()
  expect(levelled('a.jsonl', '{}\n', '{"a":1}\n', '{"a":2}\n')).toBeNull()
  expect(levelled('a.txt', 'a', 'b', 'c')).toBeNull()
})
