import { expect, test } from 'vitest'
import { Recent } from '../src/recent.ts'
import { heldMb } from './support/heap.ts'

function filled(max: number, count: number): Recent<number, string> {
  const recent = new Recent<number, string>(max)
  for (let key = 0; key < count; key += 1) recent.set(key, `value ${key}`)
  return recent
}

test('never more than its bound are remembered, and always the newest half of it', () => {
  const recent = filled(100, 10_000)
  expect(recent.size).toBeLessThanOrEqual(100)
  for (let key = 9_951; key < 10_000; key += 1) expect(recent.get(key)).toBe(`value ${key}`)
  expect(recent.has(0)).toBe(false)
})

test('what is asked for again and again is not forgotten, and a glance does not count', () => {
  const recent = new Recent<string, number>(10)
  recent.set('asked', 1)
  recent.set('glanced', 2)
  for (let at = 0; at < 100; at += 1) {
    recent.set(`other ${at}`, at)
    expect(recent.get('asked')).toBe(1)
    recent.peek('glanced')
  }
  expect(recent.peek('glanced')).toBeUndefined()
})

test('what is set anew has the new value only, and what is deleted is gone', () => {
  const recent = filled(8, 6)
  recent.set(1, 'new')
  expect([recent.peek(1), recent.size]).toEqual(['new', 6])
  expect([recent.delete(1), recent.delete(1), recent.has(1)]).toEqual([true, false, false])
  recent.clear()
  expect([recent.size, [...recent.entries()]]).toEqual([0, []])
})

test('entries come once each, the longest untouched first', () => {
  const recent = filled(8, 6)
  recent.get(2)
  expect([...recent.entries()].map(([key]) => key)).toEqual([0, 1, 3, 4, 5, 2])
})

test('a bound far above what is held takes no memory', () => {
  expect(heldMb(() => new Recent<string, number>(5_000_000)).mb).toBeLessThan(0.5)
})
