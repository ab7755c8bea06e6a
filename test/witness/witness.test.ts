import { expect, test } from 'vitest'
import { pathBytes, type DiskEntry, type Writer } from '../../src/types.ts'
import { createOwnWrites, createWitness, type WitnessTier } from '../../src/witness/witness.ts'

const path = pathBytes('notes.md')

function entry(fingerprint: string): DiskEntry {
  return { kind: 'file', executable: false, sizeBytes: 1, changedAtMs: 0, fingerprint }
}

function ask(tiers: readonly WitnessTier[], fingerprint: string | null, toMs = 1_000): Writer {
  const lies = fingerprint === null ? null : entry(fingerprint)
  return createWitness(tiers).ask({ path, entry: lies, fromMs: 0, toMs })
}

test('a path that nobody saw written has an unknown writer', () => {
  expect(ask([createOwnWrites()], 'a')).toMatchObject({ kind: 'unknown', tier: null, confidence: 0 })
})

test('what this daemon left behind is its own, at tier T0', () => {
  const own = createOwnWrites()
  own.wrote(path, 'a', 500)
  expect(ask([own], 'a')).toMatchObject({ kind: 'self', tier: 'T0' })
})

test('a later touch of a file that this daemon wrote is somebody else’s', () => {
  const own = createOwnWrites()
  own.wrote(path, 'a', 500)
  expect(ask([own], 'b').kind).toBe('unknown')
  expect(ask([own], null).kind).toBe('unknown')
})

test('a deletion of its own is known too', () => {
  const own = createOwnWrites()
  own.wrote(path, null, 500)
  expect(ask([own], null).kind).toBe('self')
})

test('evidence older than a minute is no evidence', () => {
  const own = createOwnWrites()
  own.wrote(path, 'a', 500)
  expect(ask([own], 'a', 500 + 60_000).kind).toBe('self')
  expect(ask([own], 'a', 501 + 60_000).kind).toBe('unknown')
})

test('the first tier that answers decides', () => {
  const writer = (name: string): Writer => ({
    kind: 'agent',
    name,
    tier: 'T1',
    confidence: 1,
    policy: null,
    session: null,
  })
  const silent: WitnessTier = { answer: () => null }
  const first: WitnessTier = { answer: () => writer('first') }
  const second: WitnessTier = { answer: () => writer('second') }
  expect(ask([silent, first, second], 'a').name).toBe('first')
})
