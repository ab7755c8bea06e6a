import { expect, test } from 'vitest'
import { settle, type ReadBlob } from '../../src/integrate/merge.ts'
import { pathBytes, type FileMode, type TreeEntry } from '../../src/types.ts'

const entry = (oid: string, mode: FileMode = '100644'): TreeEntry => ({ mode, oid })
const unread: ReadBlob = () => Promise.reject(new Error('nobody asked for it'))
const texts =
  (all: Readonly<Record<string, string>>): ReadBlob =>
  (oid) =>
    Promise.resolve(all[oid] === undefined ? null : Buffer.from(all[oid]))

test('an edit outlives a deletion, whichever side made it', async () => {
  const [base, edited] = [entry('b'), entry('e')]
  const path = pathBytes('a.md')
  expect(await settle({ path, base, ours: edited, theirs: null }, unread)).toEqual({ kind: 'settled', entry: edited })
  expect(await settle({ path, base, ours: null, theirs: edited }, unread)).toEqual({ kind: 'settled', entry: edited })
  expect(await settle({ path, base, ours: null, theirs: null }, unread)).toEqual({ kind: 'settled', entry: null })
})

test('the same bytes on both sides are no conflict, and whoever changed the mode is followed', async () => {
  const path = pathBytes('run.sh')
  const [plain, runs] = [entry('x'), entry('x', '100755')]
  expect(await settle({ path, base: plain, ours: runs, theirs: plain }, unread)).toEqual({
    kind: 'settled',
    entry: runs,
  })
  expect(await settle({ path, base: plain, ours: plain, theirs: runs }, unread)).toEqual({
    kind: 'settled',
    entry: runs,
  })
  expect(await settle({ path, base: null, ours: plain, theirs: runs }, unread)).toEqual({
    kind: 'settled',
    entry: runs,
  })
})

test('two texts: the remote counts, ours is kept', async () => {
  const [ours, theirs] = [entry('o'), entry('t')]
  const answer = await settle({ path: pathBytes('a.md'), base: entry('b'), ours, theirs }, unread)
  expect(answer).toEqual({ kind: 'conflict', entry: theirs, kept: ours })
})

test('a log is put together; one that cannot be read, or is no file, is a conflict', async () => {
  const path = pathBytes('a.log')
  const open = { path, base: entry('b'), ours: entry('o'), theirs: entry('t') }
  const written = await settle(open, texts({ b: '1\n', o: '1\n2\n', t: '1\n3\n' }))
  expect(written).toEqual({ kind: 'written', mode: '100644', bytes: Buffer.from('1\n3\n2\n') })
  expect(await settle(open, texts({ b: '1\n', o: '1\n2\n' }))).toMatchObject({ kind: 'conflict' })
  expect(await settle({ ...open, ours: entry('o', '120000') }, unread)).toMatchObject({ kind: 'conflict' })
})

test('where one side left it alone the other counts, also one that deleted it', async () => {
  const [base, edited] = [entry('b'), entry('e')]
  const path = pathBytes('a.md')
  for (const other of [edited, null]) {
    const expected = { kind: 'settled', entry: other }
    expect(await settle({ path, base, ours: base, theirs: other }, unread)).toEqual(expected)
    expect(await settle({ path, base, ours: other, theirs: base }, unread)).toEqual(expected)
  }
})
