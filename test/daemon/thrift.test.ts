import { expect, test } from 'vitest'
import { createHeap } from '../../src/daemon/heap.ts'
import { createThrift } from '../../src/daemon/thrift.ts'
import { handClock } from '../support/hand-clock.ts'

const mb = 1024 * 1024

function place() {
  const clock = handClock()
  const heap = { young: 2 * mb, total: 60 * mb, factor: 0, collections: 0, afterwards: 40 * mb }
  const thrift = createThrift(
    {
      youngBytes: () => heap.young,
      totalBytes: () => heap.total,
      growYoung: (factor) => void (heap.factor = factor),
      collect() {
        heap.collections += 1
        heap.total = heap.afterwards
      },
    },
    clock,
  )
  return { clock, heap, thrift }
}

test('the young generation grows to a bound, and beyond it not', () => {
  const { heap, thrift } = place()
  thrift.turned()
  expect(heap.factor).toBe(2)
  heap.young = 8 * mb
  thrift.turned()
  expect(heap.factor).toBe(1)
})

test('what a busy time took is given back at rest, in two collections, and then nothing is done any more', () => {
  const { clock, heap, thrift } = place()
  thrift.turned()
  clock.pass(9_000)
  expect(heap.collections).toBe(0)
  clock.pass(60_000)
  expect(heap.collections).toBe(2)
})

test('while one turn follows another nothing is collected', () => {
  const { clock, heap, thrift } = place()
  for (let turns = 0; turns < 100; turns += 1) {
    thrift.turned()
    clock.pass(5_000)
  }
  expect(heap.collections).toBe(0)
})

test('a turn now and then that takes next to nothing costs no collection', () => {
  const { clock, heap, thrift } = place()
  thrift.turned()
  clock.pass(60_000)
  for (let turns = 0; turns < 100; turns += 1) {
    heap.total += 1_000
    thrift.turned()
    clock.pass(30_000)
  }
  expect(heap.collections).toBe(2)
  heap.total += 20 * mb
  thrift.turned()
  clock.pass(60_000)
  expect(heap.collections).toBe(4)
})

test('once it is closed nothing is collected', () => {
  const { clock, heap, thrift } = place()
  thrift.turned()
  thrift.close()
  clock.pass(60_000)
  expect(heap.collections).toBe(0)
})

test('a collection of the real heap finds what nobody holds any more', () => {
  const heap = createHeap()
  heap.collect()
  const before = process.memoryUsage().heapUsed
  const held = { rubbish: Array.from({ length: 500_000 }, (_, at) => ({ at })) }
  expect(process.memoryUsage().heapUsed - before).toBeGreaterThan(10 * mb)
  held.rubbish = []
  heap.collect()
  expect(process.memoryUsage().heapUsed - before).toBeLessThan(5 * mb)
  expect(heap.youngBytes()).toBeGreaterThan(0)
})
