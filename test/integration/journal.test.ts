import { statSync } from 'node:fs'
import { expect, test } from 'vitest'
import { openStore } from '../../src/journal/store.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import { decisionOn, outcomeOf } from '../support/journal-records.ts'
import { journalPlace } from '../support/journal-place.ts'

const nowMs = Date.now()
const path = pathBytes('state/hb.json')
const committed = { verdict: 'sync', layer: 'default', atMs: nowMs } as const

test('what is recorded is read back, newest first, while the daemon still writes', async () => {
  const place = journalPlace()
  const journal = place.open()
  const rule = { action: 'BLOCK', glob: 'state/**', reason: 'its own', source: 'my.rules', line: 3 } as const
  const writer = { kind: 'autonomous', name: 'hb', tier: 'T2', executable: '/opt/hb.js', rule: 'hb.*' } as const
  const blocked = decisionOn('state/hb.json', { rule, writer, content: 'volatile', atMs: nowMs, tookMs: 1.25 })
  journal.record(blocked)
  journal.record(decisionOn('state/hb.json', { ...committed, atMs: nowMs + 5 }))
  journal.record({ kind: 'link', path, oid: 'c1' })
  journal.record({
    kind: 'commit',
    oid: 'c1',
    id: 'i1',
    atMs: nowMs,
    trigger: 'turn',
    writer: 'agent',
    pathCount: 1,
    tookMs: 9.5,
  })
  journal.record(outcomeOf('pushed', { oid: 'c1', atMs: nowMs }))
  const found = await place.until(
    (reader) => ({
      decisions: reader.decisions(path, 10),
      commit: reader.commits(['c1', 'none']),
      outcomes: reader.outcomes(5),
    }),
    ({ outcomes }) => outcomes.length > 0,
  )
  expect(found.decisions).toEqual([
    decisionOn('state/hb.json', { ...committed, atMs: nowMs + 5, commit: 'c1' }),
    blocked,
  ])
  expect([...found.commit.values()]).toMatchObject([{ oid: 'c1', trigger: 'turn', tookMs: 9.5 }])
  expect(found.outcomes).toMatchObject([{ what: 'pushed', oid: 'c1' }])
  await journal.close()
  for (const file of [place.path, `${place.path}-wal`]) expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('a heartbeat is one record also across restarts, whatever its name is made of', async () => {
  const place = journalPlace()
  const odd = pathOfLatin1('caf\xe9\n"; drop table decision; --')
  for (const atMs of [nowMs, nowMs + 1_000, nowMs + 2_000]) {
    const journal = place.open()
    journal.record({ ...decisionOn('x', { atMs }), path: odd })
    await journal.close()
  }
  expect(await place.read((reader) => reader.decisions(odd, 10))).toEqual({
    kind: 'read',
    value: [{ ...decisionOn('x', { sinceMs: nowMs, atMs: nowMs + 2_000, count: 3 }), path: odd }],
  })
})

test('a held file that is saved again and again stays one record', async () => {
  const place = journalPlace()
  for (const opened of [1, 2]) {
    const journal = place.open()
    for (const step of [1, 2, 3]) {
      const atMs = nowMs + opened * 10 + step
      journal.record(decisionOn('.env', { ...committed, atMs, provisional: true }))
      journal.record(decisionOn('.env', { verdict: 'hold', layer: 'guard', reason: 'a secret', atMs }))
    }
    await journal.close()
  }
  const reading = await place.read((reader) => reader.decisions(pathBytes('.env'), 10))
  expect(reading).toMatchObject({ value: [{ verdict: 'hold', sinceMs: nowMs + 11, atMs: nowMs + 23 }] })
})

test('a directory is asked about as a whole, and its neighbours are not', async () => {
  const place = journalPlace()
  const journal = place.open()
  for (const name of ['dir/a', 'dir/sub/b', 'dir.txt', 'dir0/c', 'other'])
    journal.record(decisionOn(name, { atMs: nowMs }))
  journal.record(decisionOn('dir/a', { ...committed, atMs: nowMs + 1 }))
  await journal.close()
  const reading = await place.read((reader) => [
    reader.below(pathBytes('dir'), 10),
    reader.below(pathBytes(''), 2),
    reader.below(pathBytes('none'), 2),
  ])
  expect(reading).toMatchObject({
    value: [
      { last: [{ path: 'dir/a', verdict: 'sync' }, { path: 'dir/sub/b' }], pathCount: 2 },
      { last: [{ path: 'dir/a' }, { path: 'other' }], pathCount: 5 },
      { last: [], pathCount: 0 },
    ],
  })
})

test('of one path a bounded number of records is kept, the newest', async () => {
  const place = journalPlace()
  const journal = place.open()
  for (let i = 0; i < 250; i++) journal.record(decisionOn('flip', { ...committed, atMs: nowMs + i, commit: `c${i}` }))
  await journal.close()
  const reading = await place.read((reader) => reader.decisions(pathBytes('flip'), 1_000).map(({ commit }) => commit))
  const newest = Array.from({ length: 100 }, (_, i) => `c${249 - i}`)
  expect(reading).toEqual({ kind: 'read', value: newest })
})

test('what is older than it is kept for is deleted', async () => {
  const place = journalPlace()
  const journal = place.open(60_000)
  journal.record(decisionOn('old', { atMs: nowMs - 61_000 }))
  journal.record(decisionOn('young', { atMs: nowMs - 1_000 }))
  journal.record(outcomeOf('failed', { atMs: nowMs - 61_000 }))
  await journal.close()
  const reading = await place.read((reader) => [reader.below(pathBytes(''), 9).pathCount, reader.outcomes(9).length])
  expect(reading).toMatchObject({ value: [1, 0] })
})

test('when there are too many rows the oldest blocks go first', async () => {
  const place = journalPlace()
  const store = await openStore(place.path, { decision: 4, commits: 1, outcome: 1 })
  if (typeof store === 'string') throw new Error(store)
  store.write([
    decisionOn('synced', { ...committed, atMs: 1 }),
    decisionOn('held', { verdict: 'hold', atMs: 2 }),
    ...[3, 4, 5, 6].map((atMs) => decisionOn(`blocked${atMs}`, { atMs })),
    outcomeOf('paused', { name: 'merge', atMs: 1 }),
    outcomeOf('resumed', { name: 'merge', atMs: 2 }),
  ])
  expect(store.prune(0)).toBe(false)
  store.close()
  const reading = await place.read((reader) => [
    reader.below(pathBytes(''), 9).last.map(({ path: name }) => name),
    reader.outcomes(9).map(({ what }) => what),
  ])
  expect(reading).toMatchObject({ value: [['blocked6', 'blocked5', 'held', 'synced'], ['resumed']] })
})

test('a start and a stop alone do not load the database', async () => {
  const place = journalPlace()
  const journal = place.open()
  journal.record(outcomeOf('started'))
  journal.record(outcomeOf('stopped'))
  await journal.close()
  expect(await place.read(() => 'read')).toEqual({ kind: 'absent' })
})

test('a file as large as it may become makes room by itself, and goes on', async () => {
  const place = journalPlace()
  const pages = 200
  const store = await openStore(place.path, { decision: 100_000, commits: 1, outcome: 1 }, pages)
  if (typeof store === 'string') throw new Error(store)
  const reason = 'r'.repeat(1_000)
  const batch = (from: number) =>
    Array.from({ length: 5 }, (_, n) => decisionOn(`p${from + n}`, { reason, atMs: nowMs }))
  for (let from = 0; from < 2_000; from += 5) store.write(batch(from))
  while (store.prune(0));
  store.close()
  expect(statSync(place.path).size).toBeLessThanOrEqual(pages * 4_096)
  const last = await place.read((reader) => reader.decisions(pathBytes('p1999'), 1).length)
  expect(last).toEqual({ kind: 'read', value: 1 })
})
