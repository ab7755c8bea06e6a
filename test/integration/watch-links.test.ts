import { execFileSync } from 'node:child_process'
import { appendFileSync, linkSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { temporaryFolder, watchTree, withEachWatcher } from '../support/watched-tree.ts'

withEachWatcher('a link is told as a link, also when it leads to a directory or nowhere', async (watch) => {
  const tree = await watch(['d/file', 'kept'])
  symlinkSync('d', tree.at('to-directory'))
  symlinkSync('nowhere', tree.at('broken'))
  symlinkSync('loop', tree.at('loop'))
  await tree.expectPresent('to-directory', 'broken', 'loop')
  expect(['to-directory', 'broken', 'loop'].map((name) => tree.seen.get(name)?.kind)).toEqual(['link', 'link', 'link'])
  await tree.expectEditsSeen('kept', 'd/file')
  if (tree.tellsExactly) expect(tree.seen.size).toBe(2)
})

test('a link that is led elsewhere is told', async () => {
  const tree = await watchTree(['one', 'two'])
  symlinkSync('one', tree.at('link'))
  await tree.expectPresent('link')
  await tree.settle()
  tree.forget()
  rmSync(tree.at('link'))
  symlinkSync('two', tree.at('link'))
  await tree.expectPresent('link')
  await tree.expectEditsSeen('one', 'two')
})

test('what is written through a linked directory outside is not told', async () => {
  const outside = temporaryFolder()
  const tree = await watchTree(['kept'])
  symlinkSync(outside, tree.at('link'))
  await tree.expectPresent('link')
  await tree.settle()
  tree.forget()
  writeFileSync(join(tree.at('link'), 'file'), 'outside')
  mkdirSync(join(tree.at('link'), 'directory'))
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual([])
  await tree.expectEditsSeen('kept')
})

withEachWatcher('a directory replaced by a link to one outside is no longer followed', async (watch) => {
  const outside = temporaryFolder()
  const tree = await watch(['d/file', 'kept'])
  rmSync(tree.at('d'), { recursive: true })
  symlinkSync(outside, tree.at('d'))
  await tree.settle()
  expect(tree.seen.get('d')?.kind).toBe('link')
  tree.forget()
  writeFileSync(join(outside, 'file'), 'outside')
  await tree.settle()
  if (tree.tellsExactly) expect([...tree.seen.keys()]).toEqual([])
  await tree.expectEditsSeen('kept')
})

test('a second hard link of a file is told', async () => {
  const tree = await watchTree(['file'])
  linkSync(tree.at('file'), tree.at('second'))
  await tree.expectPresent('second')
  await tree.settle()
  tree.forget()
  appendFileSync(tree.at('second'), 'more')
  await tree.expectPresent('second')
})

test('a FIFO, a socket and a device are told as special, never opened, and stop nothing', async () => {
  const tree = await watchTree(['kept'])
  // Opening a FIFO without a writer would block for ever.
  execFileSync('mkfifo', [tree.at('fifo')])
  const server = createServer()
  onTestFinished(() => void server.close())
  await new Promise<void>((resolve) => server.listen(tree.at('socket'), resolve))
  await tree.expectPresent('fifo', 'socket')
  expect(tree.seen.get('fifo')?.kind).toBe('special')
  expect(tree.seen.get('socket')?.kind).toBe('special')
  await tree.expectEditsSeen('kept')
})

test.skipIf(process.getuid?.() !== 0)('a device file is told as special (needs root to make one)', async () => {
  const tree = await watchTree(['kept'])
  execFileSync('mknod', [tree.at('null'), 'c', '1', '3'])
  await tree.expectPresent('null')
  expect(tree.seen.get('null')?.kind).toBe('special')
  await tree.expectEditsSeen('kept')
})
