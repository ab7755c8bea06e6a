import { expect, test } from 'vitest'
import { createOutbox } from '../../src/events/outbox.ts'
import { pathBytes } from '../../src/types.ts'
import type { ChangeEvent } from '../../src/types.ts'

const event = (path: string, atMs: number): ChangeEvent => ({ path: pathBytes(path), atMs, entry: null })

test('the latest look at a path replaces the earlier one and takes its place in the order', () => {
  const box = createOutbox(10)
  box.put(event('a', 1))
  box.put(event('b', 2))
  box.put(event('a', 3))
  expect(box.take()).toEqual({ events: [event('b', 2), event('a', 3)], rescan: null })
  expect(box.isEmpty()).toBe(true)
})

test('as many events as the limit are kept, one more leaves only a rescan', () => {
  const box = createOutbox(2)
  box.put(event('a', 1))
  box.put(event('b', 1))
  box.put(event('a', 2))
  expect(box.take().events).toHaveLength(2)
  for (const path of ['a', 'b', 'c', 'd']) box.put(event(path, 3))
  expect(box.isEmpty()).toBe(false)
  expect(box.take()).toEqual({ events: [], rescan: 'more than 2 paths changed at once' })
  box.put(event('e', 4))
  expect(box.take()).toEqual({ events: [event('e', 4)], rescan: null })
})

test('the first reason for a rescan is kept', () => {
  const box = createOutbox(1)
  box.wantRescan('first')
  box.wantRescan('second')
  expect(box.take().rescan).toBe('first')
  expect(box.take().rescan).toBeNull()
})

test('what waits below a directory is forgotten, neither the directory nor names that only begin like it', () => {
  const box = createOutbox(10)
  for (const path of ['d', 'd/x', 'd/y/z', 'dd', 'e/d/x']) box.put(event(path, 1))
  box.forget(pathBytes('d'))
  expect(box.take().events.map((each) => each.path)).toEqual(['d', 'dd', 'e/d/x'])
})
