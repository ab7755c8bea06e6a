import { expect, test } from 'vitest'
import { createDocuments } from '../../src/classify/documents.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import { settleDocument, type MergeTexts } from '../../src/integrate/documents.ts'
import type { Settlement } from '../../src/integrate/merge.ts'
import { pathBytes, type FileMode, type TreeEntry } from '../../src/types.ts'

const documents = createDocuments(createVolatileKeys(['updated_at']), parsers)
const json = (a: unknown, at: number): string => JSON.stringify({ a, updated_at: at })
const unasked: MergeTexts = () => Promise.reject(new Error('nobody asked for it'))

/** The blob's id is its text. */
const entry = (oid: string, mode: FileMode = '100644'): TreeEntry => ({ mode, oid })
const read = (oid: string): Promise<Buffer | null> => Promise.resolve(oid === 'gone' ? null : Buffer.from(oid))

function settled(
  base: TreeEntry | null,
  ours: TreeEntry | null,
  theirs: TreeEntry | null,
  merge = unasked,
): Promise<Settlement | null> {
  return settleDocument({ path: pathBytes('a.json'), base, ours, theirs }, documents, read, merge)
}

test('a side that changed nothing but volatile members gives way, and keeps its mode', async () => {
  const [base, touched, meant] = [entry(json(1, 1)), entry(json(1, 2), '100755'), entry(json(2, 1))]
  const answer = { kind: 'settled', entry: { mode: '100755', oid: meant.oid } }
  expect(await settled(base, touched, meant)).toEqual(answer)
  expect(await settled(base, meant, touched)).toEqual(answer)
})

test('of two that differ in volatile members only one counts, the same on every machine', async () => {
  const [one, other] = [entry(json(2, 2)), entry(json(2, 3))]
  for (const base of [null, entry(json(1, 1))]) {
    expect(await settled(base, one, other)).toEqual({ kind: 'settled', entry: other })
    expect(await settled(base, other, one)).toEqual({ kind: 'settled', entry: other })
  }
})

test('what both sides meant is merged with volatile members that are the same', async () => {
  const versions = [entry(json(1, 1)), entry(json(2, 2)), entry(json(3, 3))] as const
  const merge: MergeTexts = async (_, { base, ours, theirs }) => {
    expect([base, ours, theirs].map(String)).toEqual([json(1, 3), json(2, 3), json(3, 3)])
    return Buffer.from(json(4, 3))
  }
  expect(await settled(...versions, merge)).toEqual({
    kind: 'written',
    mode: '100644',
    bytes: Buffer.from(json(4, 3)),
  })
})

test('what git cannot merge, or merges into something that is no document, is left', async () => {
  const versions = [entry(json(1, 1)), entry(json(2, 2)), entry(json(3, 3))] as const
  expect(await settled(...versions, () => Promise.resolve(null))).toBeNull()
  expect(await settled(...versions, () => Promise.resolve(Buffer.from('{"a":1,,}')))).toBeNull()
})

test('a link, a side that is missing, and bytes that cannot be read are left', async () => {
  const [base, ours, theirs] = [entry(json(1, 1)), entry(json(1, 2)), entry(json(2, 1))]
  expect(await settled(base, entry(ours.oid, '120000'), theirs)).toBeNull()
  expect(await settled(base, null, theirs)).toBeNull()
  expect(await settled(base, ours, null)).toBeNull()
  expect(await settled(base, entry('gone'), theirs)).toBeNull()
  expect(await settled(entry('gone'), ours, theirs)).toBeNull()
})
