import { spawnSync } from 'node:child_process'
import { mkdirSync, openSync, readdirSync, renameSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Driver from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { startChild, type Child } from '../support/child.ts'
import { decisionOn } from '../support/journal-records.ts'
import { until } from '../support/until.ts'
import { journalPlace, type JournalPlace } from '../support/journal-place.ts'

const nowMs = Date.now()
const has = (path: string) => (reader: { decisions(path: string, limit: number): readonly unknown[] }) =>
  reader.decisions(pathBytes(path), 1).length === 1

/** A journal of many pages, as a run before left it. */
async function filled(place: JournalPlace): Promise<void> {
  const journal = place.open()
  for (let i = 0; i < 200; i++) journal.record(decisionOn(`before${i}`, { atMs: nowMs }))
  await journal.close()
}

/** Another program, as somebody's open session. */
async function lockedBy(path: string, sql: string): Promise<Child> {
  const script =
    'const D = require("libsql"); const db = new D(process.argv[1]); db.exec(process.argv[2]);' +
    'console.log("held"); setInterval(() => db, 1_000)'
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const child = startChild({ onTestFinished }, [process.execPath, '-e', script, path, sql], { cwd, env: {} })
  await until('it holds the lock', () => child.out().includes('held'), 15_000)
  return child
}

function garble(path: string, from: number, bytes: number): void {
  writeSync(openSync(path, 'r+'), Buffer.alloc(bytes, 0xa5), 0, bytes, from)
}

const damages: readonly (readonly [string, string, (place: JournalPlace) => void])[] = [
  ['garbage', 'damaged', ({ path }) => writeFileSync(path, 'not a database '.repeat(1_000))],
  ['a garbled header', 'damaged', ({ path }) => garble(path, 0, 100)],
  ['garbled pages', 'damaged', ({ path }) => garble(path, 4_096, 40_000)],
  ['a file cut short', 'damaged', ({ path }) => truncateSync(path, 5_000)],
  [
    'a directory',
    'unreadable',
    ({ path }) => (['', '-wal', '-shm'].forEach((end) => rmSync(path + end)), mkdirSync(path)),
  ],
  ['tables of another shape', 'damaged', ({ path }) => new Driver(path).exec('drop table decision')],
  ['a later version', 'newer', ({ path }) => new Driver(path).exec('pragma user_version = 99')],
]

test.each(damages)('%s in its place is set aside, told once, and a new journal begun', async (_, fault, damage) => {
  const place = journalPlace()
  await filled(place)
  damage(place)
  // Who only reads says what is wrong, and moves nothing.
  expect(await place.read(has('before1'))).toMatchObject({ kind: 'fault' })
  const journal = place.open()
  journal.record(decisionOn('after', { atMs: nowMs }))
  await place.until(has('after'), Boolean)
  journal.record(decisionOn('again', { atMs: nowMs }))
  await journal.close()
  expect(await place.read(has('again'))).toEqual({ kind: 'read', value: true })
  expect(place.told).toHaveLength(1)
  expect(place.told[0]).toMatch(
    new RegExp(`^journal\\.db (?:was|could).*journal\\.db\\.${fault}-\\d+ and a new one begun$`),
  )
})

test('an empty file is filled', async () => {
  const place = journalPlace()
  writeFileSync(place.path, '')
  expect(await place.read(has('before1'))).toEqual({ kind: 'absent' })
  const journal = place.open()
  journal.record(decisionOn('after', { atMs: nowMs }))
  await journal.close()
  expect(await place.read(has('after'))).toEqual({ kind: 'read', value: true })
})

/** With what is told; null: SQLite itself may have seen to it first. */
const accidents: readonly (readonly [string, number | null, (place: JournalPlace) => void])[] = [
  ['deleted', 0, ({ path }) => rmSync(path)],
  ['deleted with its log', 0, ({ path }) => ['', '-wal', '-shm'].forEach((end) => rmSync(path + end))],
  ['without its log', 0, ({ path }) => rmSync(`${path}-wal`)],
  ['without what it shares with readers', 0, ({ path }) => rmSync(`${path}-shm`)],
  ['emptied', null, ({ path }) => truncateSync(path, 0)],
  ['cut short', 1, ({ path }) => truncateSync(path, 100)],
  ['replaced', 1, ({ path }) => (writeFileSync(`${path}.new`, 'hello'), renameSync(`${path}.new`, path))],
]

test.each(accidents)('%s while it is open, it goes on', async (_, toldCount, happen) => {
  const place = journalPlace()
  const journal = place.open()
  journal.record(decisionOn('before', { atMs: nowMs }))
  await place.until(has('before'), Boolean)
  happen(place)
  journal.record(decisionOn('after', { atMs: nowMs }))
  await place.until(has('after'), Boolean)
  await journal.close()
  if (toldCount !== null) expect(place.told).toHaveLength(toldCount)
})

test('while another program holds it what is decided waits, and is written when it lets go', async () => {
  const place = journalPlace()
  await filled(place)
  const other = await lockedBy(place.path, 'begin exclusive')
  const journal = place.open()
  journal.record(decisionOn('meanwhile', { atMs: nowMs }))
  // A reader is in nobody's way.
  expect(await place.read(has('meanwhile'))).toEqual({ kind: 'read', value: false })
  other.kill('SIGKILL')
  await other.ended
  await place.until(has('meanwhile'), Boolean)
  await journal.close()
  expect(place.told).toEqual([])
})

test('a reader says that another program holds it for itself', async () => {
  const place = journalPlace()
  await lockedBy(place.path, 'create table t (x); pragma locking_mode = exclusive; begin exclusive')
  expect(await place.read(() => 'read')).toEqual({ kind: 'fault', fault: 'locked' })
})

test('a journal that stays locked does not keep the daemon from ending', async () => {
  const place = journalPlace()
  await filled(place)
  await lockedBy(place.path, 'begin exclusive')
  const journal = place.open()
  journal.record(decisionOn('meanwhile', { atMs: nowMs }))
  await journal.close()
  expect(await place.read(has('before1'))).toEqual({ kind: 'read', value: true })
})

test('a disk that damages one file after another turns it off, and few are kept', async () => {
  const place = journalPlace()
  const journal = place.open()
  for (let i = 0; i < 4; i++) {
    journal.record(decisionOn(`p${i}`, { atMs: nowMs }))
    await place.until(has(`p${i}`), Boolean)
    truncateSync(place.path, 100)
  }
  journal.record(decisionOn('last', { atMs: nowMs }))
  await journal.close()
  expect(place.told.at(-1)).toBe('journal.db is damaged again; the journal is off until the next start')
  expect(readdirSync(place.stateDir).filter((name) => /damaged-\d+$/.test(name))).toHaveLength(2)
})

const canMount =
  spawnSync('sh', ['-c', 'd=$(mktemp -d) && mount -t tmpfs none $d && umount $d && rmdir $d']).status === 0

test.skipIf(!canMount)('on a full disk it waits, tells it once, and goes on (needs to mount)', async () => {
  const place = journalPlace()
  spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=600k', 'none', place.stateDir])
  onTestFinished(() => void spawnSync('umount', ['-l', place.stateDir]))
  const journal = place.open()
  journal.record(decisionOn('before', { atMs: nowMs }))
  await place.until(has('before'), Boolean)
  const filler = join(place.stateDir, 'filler')
  expect(() => writeFileSync(filler, Buffer.alloc(700_000))).toThrow('ENOSPC')
  for (let i = 0; i < 500; i++) journal.record(decisionOn(`meanwhile${i}`, { atMs: nowMs, reason: 'x'.repeat(400) }))
  await until('it is told', () => place.told.length > 0)
  expect(place.told[0]).toMatch(/^journal\.db cannot be written \(is the disk full\?\)/)
  expect(await place.read(has('before'))).toEqual({ kind: 'read', value: true })
  rmSync(filler)
  await place.until(has('meanwhile499'), Boolean)
  await journal.close()
  expect(place.told).toHaveLength(1)
})
