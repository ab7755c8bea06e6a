import { expect, test } from 'vitest'
import { DueQueue, type Queued } from '../../src/schedule/due-queue.ts'

interface Item extends Queued {
  readonly name: number
}

const item = (name: number): Item => ({ name, slot: null })

test('items come out by their instants, each once, at the earliest one given', () => {
  const queue = new DueQueue<Item>()
  const items = Array.from({ length: 500 }, (_, n) => item(n))
  for (const one of items) queue.put(one, (one.name * 7_919) % 1_000)
  for (const one of items) if (one.name % 3 === 0) queue.put(one, one.name / 2)
  for (const one of items) if (one.name % 5 === 0) queue.drop(one)
  const due = (one: Item): number => Math.min((one.name * 7_919) % 1_000, one.name % 3 === 0 ? one.name / 2 : Infinity)
  const out: Item[] = []
  for (let atMs = queue.earliestMs(); atMs < Infinity; atMs = queue.earliestMs()) {
    expect(queue.take(atMs - 1)).toBeNull()
    const taken = queue.take(atMs)
    expect(taken === null ? null : due(taken)).toBe(atMs)
    if (taken !== null) out.push(taken)
  }
  expect(new Set(out).size).toBe(400)
})

test('a path that comes and goes for ever leaves nothing behind', () => {
  const queue = new DueQueue<Item>()
  for (let n = 0; n < 50_000; n++) {
    const one = item(n)
    queue.put(one, 1e9)
    queue.drop(one)
  }
  expect((queue as unknown as { slots: unknown[] }).slots.length).toBeLessThan(2_000)
})
