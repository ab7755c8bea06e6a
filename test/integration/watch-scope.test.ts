import { appendFileSync, chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { until } from '../support/until.ts'
import { watchTree } from '../support/watched-tree.ts'

test('the git directory is neither watched nor told about, in any spelling', async () => {
  const tree = await watchTree(['.git/HEAD', 'file'])
  expect(tree.source.health().directories).toBe(1)
  tree.write('.git/HEAD', 'other')
  tree.write('d/.GIT/config')
  await tree.expectPresent('d')
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual(['d'])
})

test('nothing is told below a directory that holds a repository of its own', async () => {
  const tree = await watchTree(['nested/.git/HEAD', 'nested/d/file', 'module/.git', 'module/d/file', 'kept'])
  tree.write('nested/d/file', 'other')
  tree.write('nested/new')
  tree.write('module/d/file', 'other')
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual([])
  await tree.expectEditsSeen('kept')
})

test('a repository cloned into the tree is told as a directory, and nothing in it once it is one', async () => {
  const tree = await watchTree(['kept'])
  mkdirSync(tree.at('clone'))
  await tree.expectPresent('clone')
  tree.write('clone/.git/HEAD')
  await tree.settle()
  tree.forget()
  tree.write('clone/src/file')
  await tree.settle()
  expect([...tree.seen.keys()].filter((path) => path.startsWith('clone/'))).toEqual([])
  await tree.expectEditsSeen('kept')
})

test('a directory whose repository is removed belongs to the tree again', async () => {
  const tree = await watchTree(['nested/.git/HEAD', 'nested/d/file'])
  rmSync(tree.at('nested/.git'), { recursive: true })
  await tree.expectPresent('nested', 'nested/d', 'nested/d/file')
  await tree.expectEditsSeen('nested/d/file')
})

test('a skipped directory is neither watched nor told about, at start and later', async () => {
  const tree = await watchTree(['skipped/a/file', 'file'], { skip: (directory) => directory.includes('skipped') })
  expect(tree.source.health().directories).toBe(1)
  tree.write('skipped/a/file', 'other')
  tree.write('d/skipped/file')
  await tree.expectPresent('d')
  renameSync(tree.at('skipped'), tree.at('also-skipped'))
  await tree.settle()
  expect([...tree.seen.keys()].filter((path) => path.includes('skipped/'))).toEqual([])
})

test('a pruned directory is silent until it is made again', async () => {
  const tree = await watchTree(['d/sub/file', 'kept'])
  tree.source.prune(pathBytes('d'))
  tree.source.prune(pathBytes('no/such/directory'))
  expect(tree.source.health().directories).toBe(1)
  appendFileSync(tree.at('d/sub/file'), 'more')
  chmodSync(tree.at('d'), 0o700)
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual(['d'])
  rmSync(tree.at('d'), { recursive: true })
  await tree.expectGone('d')
  tree.write('d/sub/file')
  await tree.expectPresent('d/sub/file')
  await tree.expectEditsSeen('d/sub/file', 'kept')
})

test('events that wait below a directory are dropped when it is pruned', async () => {
  const tree = await watchTree([], { onReady: () => {} })
  tree.write('d/sub/file')
  tree.write('dd')
  await until('watched', () => tree.source.health().directories === 3)
  const names = new Set<string>()
  await until('told', () => {
    tree.source.prune(pathBytes('d'))
    for (const event of tree.source.take().events) names.add(event.path)
    return names.has('dd')
  })
  expect([...names].filter((name) => name.startsWith('d/'))).toEqual([])
})

test('rewatch asks again what is skipped, forgets what was pruned, and wants a rescan', async () => {
  let skipped = 'one'
  const tree = await watchTree(['one/file', 'two/file', 'three/file'], { skip: (directory) => directory === skipped })
  tree.source.prune(pathBytes('three'))
  expect(tree.source.health().directories).toBe(2)
  skipped = 'two'
  await tree.source.rewatch()
  await until('a rescan is wanted', () => tree.rescans.length > 0)
  expect(tree.rescans).toEqual(['what git ignores changed'])
  expect(tree.source.health().directories).toBe(3)
  await tree.expectEditsSeen('one/file', 'three/file')
  appendFileSync(tree.at('two/file'), 'more')
  await tree.settle()
  expect([...tree.seen.keys()].toSorted()).toEqual(['one/file', 'three/file'])
})
