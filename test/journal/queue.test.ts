import { expect, test } from 'vitest'
import { Queue } from '../../src/journal/queue.ts'
import { pathBytes } from '../../src/types.ts'
import { decisionOn, outcomeOf } from '../support/journal-records.ts'

test('a heartbeat that waits is one record however often it came', () => {
  const queue = new Queue(10)
  for (let i = 0; i < 3_600; i++) queue.add(decisionOn('hb.json', { atMs: i, sinceMs: i }))
  expect(queue.peek(10)).toEqual([decisionOn('hb.json', { sinceMs: 0, atMs: 3_599, count: 3_600 })])
})

test('a commit closes the decisions that wait, and what was written already is linked later', () => {
  const queue = new Queue(10)
  queue.add(decisionOn('a', { verdict: 'sync' }))
  queue.add({ kind: 'link', path: pathBytes('a'), oid: 'c1' })
  queue.add({ kind: 'link', path: pathBytes('b'), oid: 'c1' })
  queue.add(decisionOn('a', { verdict: 'sync', atMs: 2 }))
  expect(queue.peek(10)).toEqual([
    decisionOn('a', { verdict: 'sync', commit: 'c1' }),
    { kind: 'link', path: 'b', oid: 'c1' },
    decisionOn('a', { verdict: 'sync', atMs: 2 }),
  ])
})

test('beyond the limit the oldest gives way, and is counted once', () => {
  const queue = new Queue(3)
  for (const path of ['a', 'b', 'c', 'd', 'e']) queue.add(decisionOn(path))
  expect(queue.peek(10).map((record) => (record.kind === 'decision' ? record.path : ''))).toEqual(['c', 'd', 'e'])
  expect(queue.takeLost()).toBe(2)
  expect(queue.takeLost()).toBe(0)
  // What was dropped is not folded into any more.
  queue.add(decisionOn('a'))
  expect(queue.size).toBe(3)
})

test('what is dropped as written is not folded into, what was only looked at stays', () => {
  const queue = new Queue(10)
  queue.add(decisionOn('a'))
  queue.add(outcomeOf('paused', { name: 'merge' }))
  expect(queue.peek(1)).toHaveLength(1)
  queue.drop(2)
  queue.add(decisionOn('a'))
  queue.add(outcomeOf('paused', { name: 'merge' }))
  expect(queue.size).toBe(2)
})

test('a provisional sync that waits gives its place to the final word', () => {
  const queue = new Queue(10)
  queue.add(decisionOn('.env', { verdict: 'sync', provisional: true }))
  queue.add(decisionOn('.env', { verdict: 'hold', layer: 'guard' }))
  expect(queue.peek(10)).toMatchObject([{ verdict: 'hold' }])
})

test('what goes beyond the limit, as with a commit of very many files, keeps nobody waiting', () => {
  const adding = (count: number): number => {
    const queue = new Queue(20_000)
    const startedMs = performance.now()
    for (let i = 0; i < count; i++) queue.add({ kind: 'link', path: pathBytes(`d/f${i}`), oid: 'c1' })
    expect([queue.size, queue.takeLost()]).toEqual([Math.min(count, 20_000), Math.max(0, count - 20_000)])
    return performance.now() - startedMs
  }
  adding(20_000)
  const fewMs = adding(20_000)
  // Five times as many take ten times as long at most. Asking the map for its oldest each time took a hundred times.
  expect(adding(100_000)).toBeLessThan(30 * fewMs + 100)
})
