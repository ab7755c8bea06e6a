import { expect, test } from 'vitest'
import { fold, foldOutcome } from '../../src/journal/records.ts'
import { decisionOn, outcomeOf } from '../support/journal-records.ts'

const sync = { verdict: 'sync', layer: 'default', reason: 'a change' } as const
const same = { layer: 'content', content: 'same', reason: 'not a change: same bytes as at HEAD' } as const
const hold = { verdict: 'hold', layer: 'guard', reason: 'looks like a secret' } as const

test('the same block again is one record with its count, first and last time', () => {
  const folded = fold(decisionOn('a', { atMs: 1, count: 7 }), decisionOn('a', { atMs: 9, sinceMs: 8, count: 2 }))
  expect(folded).toEqual({ instead: decisionOn('a', { sinceMs: 1, atMs: 9, count: 9 }) })
})

test('a block for another reason is told apart by layer, rule, writer and finding, not by its details', () => {
  const rule = { action: 'BLOCK', glob: 'a/**', reason: '', source: 'my.rules', line: 1 } as const
  const writer = { kind: 'autonomous', name: 'hb', tier: 'T1', executable: 'hb', rule: 'run' } as const
  const last = decisionOn('a')
  for (const other of [{ layer: 'content' }, { rule }, { writer }, { content: 'volatile' }] as const) {
    expect(fold(last, decisionOn('a', other))).toBe('insert')
  }
  expect(fold(last, decisionOn('a', { reason: 'in other words' }))).toMatchObject({ instead: { count: 2 } })
})

test('a hold for another reason is another record', () => {
  expect(fold(decisionOn('a', hold), decisionOn('a', { ...hold, reason: 'is staged' }))).toBe('insert')
  expect(fold(decisionOn('a', hold), decisionOn('a', hold))).toMatchObject({ instead: { count: 2 } })
})

test('what is told to be held after it was judged so adds nothing; what was never judged is kept', () => {
  expect(fold(decisionOn('a', hold), decisionOn('a', { ...hold, layer: null }))).toBe('skip')
  expect(fold(null, decisionOn('a', { ...hold, layer: null }))).toBe('insert')
})

test('a sync is open until its commit, and the next change after that is a record of its own', () => {
  const seen = decisionOn('a', { ...sync, provisional: true })
  expect(fold(seen, decisionOn('a', sync))).toMatchObject({ instead: { provisional: false } })
  expect(fold(decisionOn('a', { ...sync, commit: 'c1' }), seen)).toBe('insert')
})

test('a provisional sync that came to nothing leaves no trace', () => {
  const seen = decisionOn('a', { ...sync, provisional: true })
  for (const final of [hold, same, {}] as const) expect(fold(seen, decisionOn('a', final))).toBe('drop-last')
})

test('that a path is as at HEAD is kept only as the end of a block or hold', () => {
  const unchanged = decisionOn('a', same)
  for (const last of [null, decisionOn('a', { ...sync, commit: 'c1' }), unchanged]) {
    expect(fold(last, unchanged)).toBe('skip')
  }
  expect(fold(decisionOn('a', hold), unchanged)).toBe('insert')
})

test('an outcome that repeats is counted, another is not taken for it', () => {
  const failed = outcomeOf('failed', { name: 'push: unreachable' })
  expect(foldOutcome(failed, { ...failed, atMs: 5 })).toMatchObject({ count: 2, sinceMs: 1_000, atMs: 5 })
  expect(foldOutcome(failed, outcomeOf('failed', { name: 'push: timeout' }))).toBeNull()
  expect(foldOutcome(outcomeOf('pushed', { oid: 'a' }), outcomeOf('pushed', { oid: 'b' }))).toBeNull()
  expect(foldOutcome(null, failed)).toBeNull()
})
