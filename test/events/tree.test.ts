import { expect, test } from 'vitest'
import { attach, createNode, findNode, withDescendants } from '../../src/events/tree.ts'
import type { DirectoryNode } from '../../src/events/tree.ts'
import { pathBytes } from '../../src/types.ts'

function add(parent: DirectoryNode, name: string): DirectoryNode {
  const node = createNode(parent, name, 0)
  attach(parent, node)
  return node
}

test('a directory is found by its path, and an unknown one is not', () => {
  const root = createNode(null, 'root', 0)
  const b = add(add(root, 'a'), 'b')
  expect(b.path).toBe('a/b')
  expect(findNode(root, pathBytes('a/b'))).toBe(b)
  expect(findNode(root, pathBytes(''))).toBe(root)
  expect(findNode(root, pathBytes('a/c'))).toBeNull()
  expect(findNode(root, pathBytes('b'))).toBeNull()
})

test('a tree of 5,000 levels is walked', () => {
  const root = createNode(null, 'root', 0)
  let node = root
  for (let level = 0; level < 5_000; level += 1) node = add(node, 'd')
  expect(withDescendants(root)).toHaveLength(5_001)
})
