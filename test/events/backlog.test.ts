import { expect, test } from 'vitest'
import { Backlog } from '../../src/events/backlog.ts'
import { createNode } from '../../src/events/tree.ts'

const root = createNode(null, 'root', 0)
const node = (name: string) => createNode(root, name, 0)

test('directories are served first come first served, each until it is done', () => {
  const backlog = new Backlog()
  const [a, b] = [node('a'), node('b')]
  backlog.addName(a, 'x')
  backlog.addName(b, 'y')
  backlog.addName(a, 'z')
  expect(backlog.first()).toBe(a)
  expect(backlog.first()).toBe(a)
  backlog.done(a)
  expect(backlog.first()).toBe(b)
  backlog.done(b)
  expect(backlog.isEmpty()).toBe(true)
  expect(backlog.first()).toBeNull()
})

test('a name is counted once while it waits, and again when it comes after it was taken', () => {
  const backlog = new Backlog()
  const a = node('a')
  backlog.addName(a, 'x')
  backlog.addName(a, 'x')
  backlog.addName(a, 'y')
  expect(backlog.names).toBe(2)
  expect(backlog.takeName(a)).toBe('x')
  expect(backlog.names).toBe(1)
  backlog.addName(a, 'x')
  expect([backlog.takeName(a), backlog.takeName(a), backlog.takeName(a)]).toEqual(['y', 'x', null])
  expect(backlog.names).toBe(0)
})

test('names of a directory that is done, or of all, are counted off', () => {
  const backlog = new Backlog()
  const [a, b] = [node('a'), node('b')]
  for (const name of ['x', 'y', 'z']) backlog.addName(a, name)
  backlog.addName(b, 'x')
  backlog.done(a)
  expect(backlog.names).toBe(1)
  backlog.clearAllNames()
  expect(backlog.names).toBe(0)
  expect(backlog.first()).toBe(b)
  expect(backlog.takeName(b)).toBeNull()
})
