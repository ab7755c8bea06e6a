import { expect, test } from 'vitest'
import { recent } from '../src/recent.ts'
import { heldMb } from './support/heap.ts'

test('never more than its bound are remembered: the longest untouched is forgotten first', () => {
  const kept = recent<string, string>(100)
  for (let key = 0; key < 1_000; key += 1) {
    kept.set(`key ${key}`, `value ${key}`)
    expect(kept.get('key 0')).toBe('value 0')
  }
  expect(kept.size).toBe(100)
  expect([kept.has('key 900'), kept.has('key 901')]).toEqual([false, true])
})

test('a bound far above what is held takes no memory', () => {
  expect(heldMb(() => recent<string, string>(5_000_000)).mb).toBeLessThan(0.5)
})
