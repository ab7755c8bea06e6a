import { expect, test } from 'vitest'
import { createDrain, drainThreshold } from '../../src/events/drain.ts'

function drain(threshold: number) {
  const ends: (() => void)[] = []
  let overflows = 0
  const counter = createDrain(threshold, (run) => ends.push(run))
  const stop = counter.listen(() => (overflows += 1))
  return {
    count: (times: number) => {
      for (let i = 0; i < times; i += 1) counter.count()
    },
    endTurn: () => {
      for (const run of ends.splice(0)) run()
    },
    stop,
    overflows: () => overflows,
    waiting: () => ends.length,
  }
}

test('as many callbacks in one turn as the threshold are an overflow, told once a turn', () => {
  const { count, endTurn, overflows } = drain(3)
  count(2)
  expect(overflows()).toBe(0)
  count(1)
  expect(overflows()).toBe(1)
  count(10)
  expect(overflows()).toBe(1)
  endTurn()
  count(3)
  expect(overflows()).toBe(2)
})

test('callbacks of different turns are not added up', () => {
  const { count, endTurn, overflows } = drain(3)
  for (let turn = 0; turn < 10; turn += 1) {
    count(2)
    endTurn()
  }
  expect(overflows()).toBe(0)
})

test('one end of a turn is awaited a turn, and none at rest', () => {
  const { count, endTurn, waiting } = drain(100)
  expect(waiting()).toBe(0)
  count(5)
  expect(waiting()).toBe(1)
  endTurn()
  expect(waiting()).toBe(0)
})

test('who stopped listening is not told', () => {
  const { count, stop, overflows } = drain(1)
  stop()
  count(1)
  expect(overflows()).toBe(0)
})

test('the threshold is half of the queue, 8192 at most, also when the system does not say', () => {
  expect(drainThreshold('16384\n')).toBe(8192)
  expect(drainThreshold('1048576\n')).toBe(8192)
  expect(drainThreshold('257\n')).toBe(128)
  expect(drainThreshold(null)).toBe(8192)
  expect(drainThreshold('')).toBe(8192)
  expect(drainThreshold('many')).toBe(8192)
})
