import { appendFileSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createEnds, type Ends } from '../../src/evidence/ends.ts'
import { readEntry } from '../../src/evidence/evidence.ts'
import { pathBytes, type Growth } from '../../src/types.ts'

const path = pathBytes('a.jsonl')
const oid = 'a'.repeat(40)
const lines = Buffer.from(Array.from({ length: 5_000 }, (_, i) => `{"i":${i},"timestamp":${i}}\n`).join(''))
let folder = ''
let ends: Ends

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ends-'))
  ends = createEnds()
  writeFileSync(join(folder, 'a.jsonl'), lines)
})
afterEach(() => rmSync(folder, { recursive: true }))

const growth = (): Growth | null => ends.growth(folder, path, readEntry(folder, path), oid)

function rememberFile(): void {
  const entry = readEntry(folder, path)
  if (entry !== null) ends.rememberFile(folder, path, entry, oid)
}

test('what was appended is found behind the end, remembered from the blob or from the file', () => {
  expect(growth()).toBeNull()
  for (const remember of [() => ends.remember(oid, lines), rememberFile]) {
    ends = createEnds()
    writeFileSync(join(folder, 'a.jsonl'), lines)
    remember()
    expect(growth()).toBeNull()
    appendFileSync(join(folder, 'a.jsonl'), '{"i":1}\n{"i":2}\n')
    expect(growth()?.addedBytes).toBe(16)
    expect(Buffer.from(growth()?.tail ?? []).toString()).toBe('{"i":1}\n{"i":2}\n')
  }
})

test('of a long tail only the beginning is read', () => {
  rememberFile()
  appendFileSync(join(folder, 'a.jsonl'), 'x'.repeat(200_000))
  expect(growth()?.addedBytes).toBe(200_000)
  expect(growth()?.tail.length).toBe(65_536)
})

test('a file that was rewritten, shortened, replaced or removed did not just grow', () => {
  rememberFile()
  const file = join(folder, 'a.jsonl')
  writeFileSync(file, `{"i":0}\n${lines.toString()}`)
  expect(growth()).toBeNull()
  truncateSync(file, lines.length - 1)
  expect(growth()).toBeNull()
  writeFileSync(join(folder, 'other'), Buffer.concat([lines, lines]))
  const entry = readEntry(folder, pathBytes('other'))
  rmSync(file)
  symlinkSync('other', file)
  expect(growth()).toBeNull()
  expect(ends.growth(folder, path, entry, oid)).toBeNull()
  rmSync(file)
  expect(ends.growth(folder, path, entry, oid)).toBeNull()
})
