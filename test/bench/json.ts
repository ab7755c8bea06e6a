/** Layer 3: a JSON file without its volatile members, from bytes to digest, beside JSON.parse of it in the same run. */

import { jsonDocument } from '../../src/benchmark/content.ts'
import { strippedDigest } from '../../src/classify/json-strip.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import type { BenchRow } from './row.ts'

const keys = createVolatileKeys(['last_update', 'timestamp', 'session_id', 'updated_at', 'last_seen', 'heartbeat'])

export function benchJson(): BenchRow[] {
  return [...benchSize('6 KB', 32, 400), ...benchSize('222 KB', 1_120, 60), ...benchSize('11 MB', 55_000, 5)]
}

function benchSize(size: string, items: number, rounds: number): BenchRow[] {
  const bytes = jsonDocument(items, '2026-11-20T10:00:00Z')
  const text = bytes.toString()
  // In turns, so that what else runs on the machine hits both alike.
  let stripMs = Infinity
  let parseMs = Infinity
  for (let round = 0; round < rounds; round++) {
    parseMs = Math.min(
      parseMs,
      millisecondsOf(() => JSON.parse(text)),
    )
    stripMs = Math.min(
      stripMs,
      millisecondsOf(() => strippedDigest(bytes, keys)),
    )
  }
  const reach = size === '222 KB' ? '<= 1.5' : ''
  return [
    { name: `JSON verdict, ${size} (${bytes.length} bytes)`, value: rounded(stripMs), unit: 'ms', reach: '' },
    { name: `JSON.parse, ${size}`, value: rounded(parseMs), unit: 'ms', reach: '' },
    { name: `JSON verdict, ${size}`, value: rounded(stripMs / parseMs), unit: 'x JSON.parse', reach },
  ]
}

function millisecondsOf(run: () => unknown): number {
  const startMs = performance.now()
  run()
  return performance.now() - startMs
}

function rounded(value: number): number {
  return Math.round(value * 1_000) / 1_000
}
