import { closeSync, openSync, renameSync, truncateSync, utimesSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import Database from 'libsql'
import { expect, onTestFinished, test } from 'vitest'
import { createEvidence, readEntry, sighted, type Sighting } from '../../src/evidence/evidence.ts'
import { processes, systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'

const path = pathBytes('a.txt')

interface Scene {
  readonly file: string
  /** As the file lies there now, seen so long ago. */
  seen(agoMs: number, restMs?: number): Sighting
  isWhole(sighting: Sighting | undefined): Promise<boolean>
}

async function begin(text = 'text\n'): Promise<Scene> {
  const repo = makeRepo({ 'first.md': 'first\n' })
  const engine = await openEngine(repo)
  onTestFinished(async () => {
    await engine.close()
    repo.dispose()
  })
  repo.write('a.txt', text)
  const evidence = createEvidence(engine, systemClock)
  return {
    file: join(repo.root, 'a.txt'),
    seen: (agoMs, restMs = 300) => ({
      fingerprint: readEntry(repo.root, path)?.fingerprint ?? 'gone',
      monotonicMs: systemClock.monotonicMs() - agoMs,
      restMs,
    }),
    async isWhole(sighting) {
      const facts = await evidence.collectBlobs(null, [path], () => sighting, { maxFileBytes: Infinity, agreed: [] })
      return facts.get(path)?.whole ?? false
    },
  }
}

test('a file is whole once it has rested as long as it must', async () => {
  const { seen, isWhole } = await begin()
  expect(await isWhole(seen(400))).toBe(true)
  expect(await isWhole(seen(400, 800))).toBe(false)
  expect(await isWhole(seen(900, 800))).toBe(true)
})

test('one that was never seen is judged by when it last changed, whatever its own time stamp says', async () => {
  const { file, isWhole } = await begin()
  utimesSync(file, 1, 1)
  expect(await isWhole(undefined)).toBe(false)
})

test('a writer that pauses has it open all the while; a reader says nothing', async () => {
  const { file, seen, isWhole } = await begin()
  const reader = openSync(file, 'r')
  expect(await isWhole(seen(60_000))).toBe(true)
  const writer = openSync(file, 'a')
  expect(await isWhole(seen(60_000))).toBe(false)
  writeSync(writer, 'more\n')
  expect(await isWhole(seen(60_000))).toBe(false)
  closeSync(writer)
  closeSync(reader)
  expect(await isWhole(seen(60_000))).toBe(true)
})

test('what was renamed over it, or cut to be filled again, is another file that has to rest', async () => {
  const { file, seen, isWhole } = await begin()
  const before = seen(60_000)
  renameSync(join(file, '..', 'first.md'), file)
  expect(await isWhole(before)).toBe(false)
  const cut = seen(60_000)
  truncateSync(file, 0)
  expect(await isWhole(cut)).toBe(false)
})

test('a program that writes again and again must rest for two of its pauses, a person for the least', () => {
  const first = sighted('1', 0, undefined)
  expect(first.restMs).toBe(300)
  const fast = sighted('2', 10, first)
  expect(fast.restMs).toBe(300)
  const slower = sighted('3', 410, fast)
  expect(slower.restMs).toBe(800)
  expect(sighted('4', 420, slower).restMs).toBe(800)
  expect(sighted('5', 3_000, slower).restMs).toBe(300)
  expect(sighted('6', 1_400, sighted('5', 400, undefined)).restMs).toBe(2_000)
})

test('memory that is shared with a file is a way to write to it', async () => {
  const { file } = await begin()
  const folder = join(file, '..')
  const database = new Database(join(folder, 'a.db'))
  database.exec('pragma journal_mode = wal; create table a (b)')
  const shared = join(folder, 'a.db-shm')
  expect([...processes.mappedForWriting(new Set([shared, file]))]).toEqual([shared])
  database.close()
  expect([...processes.mappedForWriting(new Set([shared, file]))]).toEqual([])
})
