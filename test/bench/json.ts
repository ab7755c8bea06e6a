/** Layer 3: a JSON file without its volatile members, from bytes to digest, beside JSON.parse of it in the same run. */

import { strippedDigest } from '../../src/classify/json-strip.ts'
import { createVolatileKeys } from '../../src/classify/volatile-keys.ts'
import type { BenchRow } from './row.ts'

const keys = createVolatileKeys(['last_update', 'timestamp', 'session_id', 'updated_at', 'last_seen', 'heartbeat'])

export function benchJson(): BenchRow[] {
  return [...benchSize('6 KB', 32, 400), ...benchSize('222 KB', 1_120, 60), ...benchSize('11 MB', 55_000, 5)]
}

/** A document with a volatile member every two hundred bytes, indented as programs write them. */
function document(items: number): Buffer {
  const entries = Array.from({ length: items }, (_, id) => ({
    id,
    name: `entry ${id}`,
    lastUpdate: `2026-11-20T10:00:${10 + (id % 50)}Z`,
    state: { ok: id % 3 === 0, load: id / 7, tags: ['a', 'b'] },
    note: 'x'.repeat(id % 17),
  }))
  return Buffer.from(JSON.stringify({ timestamp: 1, entries }, null, 1))
}

function benchSize(size: string, items: number, rounds: number): BenchRow[] {
  const bytes = document(items)
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
