import { appendFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { createEvidence, readEntry, type EvidenceRoom } from '../../src/evidence/evidence.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

const lines = (count: number): string => '{"text":"a line of some length","timestamp":1}\r\n'.repeat(count)
const path = pathBytes('log.jsonl')
let repo: TempRepo
let engine: GitEngine
let evidence: EvidenceRoom

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

async function open(files: Readonly<Record<string, string>>): Promise<void> {
  repo = makeRepo({ 'log.jsonl': '{}\n', ...files })
  engine = await openEngine(repo)
  evidence = createEvidence(engine, systemClock)
}

/** The blob of the file as it lies there, as a batch writes it. */
async function writtenBlob(): Promise<string> {
  const facts = await evidence.collectBlobs((await engine.head()).oid, [path], () => undefined, {
    maxFileBytes: Infinity,
    agreed: [],
  })
  return facts.get(path)?.blob?.oid ?? ''
}

const addedBytes = (oid: string): number | null =>
  evidence.growth(path, readEntry(repo.root, path), oid)?.addedBytes ?? null

test('once a blob was written or read, an append to its file is known without a look at the whole', async () => {
  await open({})
  repo.write('log.jsonl', lines(2_000))
  const oid = await writtenBlob()
  expect(addedBytes(oid)).toBeNull()
  appendFileSync(join(repo.root, 'log.jsonl'), lines(1))
  expect(addedBytes(oid)).toBe(lines(1).length)
  const later = createEvidence(engine, systemClock)
  expect(later.growth(path, readEntry(repo.root, path), oid)).toBeNull()
  await later.blobBytes(oid, 1_000_000)
  expect(later.growth(path, readEntry(repo.root, path), oid)?.addedBytes).toBe(lines(1).length)
})

test('where git stores other bytes than lie on disk, nothing is known of an append', async () => {
  await open({ '.gitattributes': '*.jsonl text eol=crlf\n' })
  repo.write('log.jsonl', lines(2_000))
  const oid = await writtenBlob()
  appendFileSync(join(repo.root, 'log.jsonl'), lines(1))
  expect(addedBytes(oid)).toBeNull()
  await evidence.blobBytes(oid, 1_000_000)
  expect(addedBytes(oid)).toBeNull()
})
