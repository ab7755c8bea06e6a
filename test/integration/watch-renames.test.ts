import { chmodSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder, watchTree, withEachWatcher } from '../support/watched-tree.ts'

withEachWatcher('a directory renamed in place is told as gone and as new with all that is in it', async (watch) => {
  const tree = await watch(['a/one', 'a/sub/two'])
  renameSync(tree.at('a'), tree.at('b'))
  await tree.expectGone('a')
  await tree.expectPresent('b', 'b/one', 'b/sub', 'b/sub/two')
  await tree.expectEditsSeen('b/one', 'b/sub/two')
  if (tree.tellsExactly) expect([...tree.seen.keys()].toSorted()).toEqual(['b/one', 'b/sub/two'])
})

test('a directory moved into another directory is followed', async () => {
  const tree = await watchTree(['from/a/sub/file', 'to/other'])
  renameSync(tree.at('from/a'), tree.at('to/a'))
  await tree.expectGone('from/a')
  await tree.expectPresent('to/a/sub/file')
  await tree.expectEditsSeen('to/a/sub/file', 'to/other')
  expect([...tree.seen.keys()].toSorted()).toEqual(['to/a/sub/file', 'to/other'])
})

withEachWatcher('two directories swapped by three renames keep their own edits apart', async (watch) => {
  const tree = await watch(['a/in-a', 'a/sub/deep-a', 'b/in-b', 'b/sub/deep-b'])
  renameSync(tree.at('a'), tree.at('t'))
  renameSync(tree.at('b'), tree.at('a'))
  renameSync(tree.at('t'), tree.at('b'))
  await tree.expectPresent('a/in-b', 'a/sub/deep-b', 'b/in-a', 'b/sub/deep-a')
  await tree.expectEditsSeen('a/in-b', 'a/sub/deep-b', 'b/in-a', 'b/sub/deep-a')
  if (tree.tellsExactly) expect(tree.seen.size).toBe(4)
  tree.forget()
  chmodSync(tree.at('a'), 0o700)
  await tree.expectPresent('a')
  await tree.settle()
  // An event about the directory itself carries its name as libuv knows it: a watch kept from before would say `b`.
  expect(tree.seen.has('a/b')).toBe(false)
})

test('two directories swapped one level down keep their own edits apart', async () => {
  const tree = await watchTree(['x/a/sub/file-a', 'y/b/sub/file-b'])
  renameSync(tree.at('x/a'), tree.at('t'))
  renameSync(tree.at('y/b'), tree.at('x/a'))
  renameSync(tree.at('t'), tree.at('y/b'))
  await tree.expectPresent('x/a/sub/file-b', 'y/b/sub/file-a')
  await tree.expectEditsSeen('x/a/sub/file-b', 'y/b/sub/file-a')
  expect(tree.seen.size).toBe(2)
})

withEachWatcher('a directory moved in from outside is told whole and watched', async (watch) => {
  const tree = await watch(['file'])
  const outside = join(temporaryFolder(), 'd')
  mkdirSync(join(outside, 'sub'), { recursive: true })
  renameSync(outside, tree.at('d'))
  await tree.expectPresent('d', 'd/sub')
  tree.write('d/sub/file')
  await tree.expectPresent('d/sub/file')
  await tree.expectEditsSeen('d/sub/file')
})

test('a directory moved out is gone, and what is written in it there is not told', async () => {
  const tree = await watchTree(['d/sub/file', 'kept'])
  const outside = join(temporaryFolder(), 'd')
  renameSync(tree.at('d'), outside)
  await tree.expectGone('d')
  await tree.settle()
  tree.forget()
  mkdirSync(join(outside, 'sub', 'new'))
  rmSync(join(outside, 'sub', 'file'))
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual([])
  renameSync(outside, tree.at('d'))
  await tree.expectPresent('d/sub/new')
  await tree.expectEditsSeen('kept')
  tree.write('d/sub/new/file')
  await tree.expectPresent('d/sub/new/file')
})

withEachWatcher('what was edited in a directory that left and came back at once is told', async (watch) => {
  const tree = await watch(['d/sub/file'])
  const outside = join(temporaryFolder(), 'd')
  renameSync(tree.at('d'), outside)
  rmSync(join(outside, 'sub', 'file'))
  mkdirSync(join(outside, 'sub', 'more'))
  renameSync(outside, tree.at('d'))
  await tree.expectPresent('d', 'd/sub/more')
  await tree.expectGone('d/sub/file')
  tree.write('d/sub/more/file')
  await tree.expectPresent('d/sub/more/file')
})
