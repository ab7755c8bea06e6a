/** Layer 3: lines appended to a large JSONL, from the file to the verdict, beside reading and parsing all of it. */
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createContentLayer } from '../../src/classify/content.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import { parsers } from '../../src/daemon/parsers.ts'
import { createEnds } from '../../src/evidence/ends.ts'
import { readEntry } from '../../src/evidence/evidence.ts'
import { pathBytes } from '../../src/types.ts'
import type { BenchRow } from './row.ts'

const sizeBytes = 117 * 1024 * 1024
const appends = 50

export function benchJsonl(): BenchRow[] {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-sync-bench-'))
  try {
    return measured(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function measured(folder: string): BenchRow[] {
  const file = join(folder, 'session.jsonl')
  writeFileSync(file, lines(sizeBytes))
  const path = pathBytes('session.jsonl')
  const ends = createEnds()
  const layer = createContentLayer(createVolatileKeys(['timestamp']), parsers)
  const base = { mode: '100644', oid: 'a'.repeat(40) } as const
  const entryNow = readEntry(folder, path)
  if (entryNow !== null) ends.rememberFile(folder, path, entryNow, base.oid)
  const times: number[] = []
  for (let append = 0; append < appends; append += 1) {
    appendFileSync(file, lines(2_000))
    const startMs = performance.now()
    const entry = readEntry(folder, path)
    const question = layer.ask({ path, entry, base }, { allowed: false })
    const asked = question.next()
    if (asked.value !== 'growth') throw new Error('the end was not asked for')
    const { value } = question.next({ path, entry, base, growth: ends.growth(folder, path, entry, base.oid) })
    times.push(performance.now() - startMs)
    if (typeof value === 'string' || value.content?.outcome !== 'changed') throw new Error('an append is a change')
  }
  const wholeMs = parsedMs(file)
  times.sort((a, b) => a - b)
  const name = `JSONL append, ${Math.round(statSync(file).size / 1024 / 1024)} MB`
  return [
    { name: `${name}, median of ${appends}`, value: rounded(times[appends / 2] ?? 0), unit: 'ms', reach: '<= 1' },
    { name: `${name}, read and parsed whole`, value: rounded(wholeMs), unit: 'ms', reach: '' },
  ]
}

function lines(atLeastBytes: number): string {
  const line = `${JSON.stringify({ type: 'message', timestamp: 1, text: 'x'.repeat(160) })}\n`
  return line.repeat(Math.ceil(atLeastBytes / line.length))
}

function parsedMs(file: string): number {
  const startMs = performance.now()
  for (const line of readFileSync(file, 'utf8').split('\n')) if (line !== '') JSON.parse(line)
  return performance.now() - startMs
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
