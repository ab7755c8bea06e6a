import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { expect, test } from 'vitest'
import { watchTree, withEachWatcher } from '../support/watched-tree.ts'

test('creating, appending, truncating, touching and deleting a file are each told', async () => {
  const tree = await watchTree()
  tree.write('file', 'text')
  await tree.expectPresent('file')
  await tree.expectEditsSeen('file')
  await tree.settle()
  tree.forget()
  truncateSync(tree.at('file'), 0)
  await tree.expectPresent('file')
  expect(tree.seen.get('file')?.sizeBytes).toBe(0)
  tree.forget()
  utimesSync(tree.at('file'), 1, 1)
  await tree.expectPresent('file')
  rmSync(tree.at('file'))
  await tree.expectGone('file')
})

test('a file made and deleted at once is told as absent at most', async () => {
  const tree = await watchTree()
  tree.write('brief')
  rmSync(tree.at('brief'))
  await tree.settle()
  expect(tree.seen.get('brief') ?? null).toBeNull()
})

withEachWatcher('a directory removed and made again at once is watched again, also the 50th time', async (watch) => {
  const tree = await watch(['d/sub/file', 'kept'])
  for (let round = 0; round < 50; round += 1) {
    rmSync(tree.at('d'), { recursive: true })
    tree.write('d/sub/file', `round ${round}`)
  }
  await tree.expectPresent('d', 'd/sub', 'd/sub/file')
  await tree.expectEditsSeen('d/sub/file', 'kept')
})

withEachWatcher('a file replaced by a directory and back is followed', async (watch) => {
  const tree = await watch(['thing', 'kept'])
  rmSync(tree.at('thing'))
  tree.write('thing/inside')
  await tree.expectPresent('thing/inside')
  expect(tree.seen.get('thing')?.kind).toBe('directory')
  await tree.expectEditsSeen('thing/inside')
  rmSync(tree.at('thing'), { recursive: true })
  tree.write('thing')
  await tree.settle()
  expect(tree.seen.get('thing')?.kind).toBe('file')
  await tree.expectEditsSeen('thing', 'kept')
})

test('other bytes with the same size and time are told with another fingerprint', async () => {
  const tree = await watchTree(['file', 'kept'])
  const before = statSync(tree.at('file'))
  tree.write('file', 'abcd')
  await tree.expectPresent('file')
  const first = tree.seen.get('file')?.fingerprint
  await tree.settle()
  tree.forget()
  writeFileSync(tree.at('file'), 'dcba')
  utimesSync(tree.at('file'), before.atime, before.mtime)
  await tree.settle()
  expect(tree.seen.get('file')?.sizeBytes).toBe(4)
  expect(tree.seen.get('file')?.fingerprint).not.toBe(first)
})

withEachWatcher('a change of mode is told with the executable bit as it is now', async (watch) => {
  const tree = await watch(['script'])
  chmodSync(tree.at('script'), 0o755)
  await tree.expectPresent('script')
  expect(tree.seen.get('script')?.executable).toBe(true)
  await tree.expectEditsSeen('script')
})

test('a file replaced by a copy with the old time is told', async () => {
  const tree = await watchTree(['file', 'kept'])
  const { atime, mtime } = statSync(tree.at('file'))
  copyFileSync(tree.at('file'), tree.at('copy'))
  utimesSync(tree.at('copy'), atime, mtime)
  renameSync(tree.at('copy'), tree.at('file'))
  await tree.expectPresent('file')
  await tree.expectGone('copy')
  await tree.expectEditsSeen('file', 'kept')
})

test('attributes of a directory are told without everything below it', async () => {
  const tree = await watchTree(['d/sub/file'])
  chmodSync(tree.at('d'), 0o700)
  await tree.expectPresent('d')
  await tree.settle()
  expect([...tree.seen.keys()].filter((path) => path.startsWith('d/sub'))).toEqual([])
  await tree.expectEditsSeen('d/sub/file')
})

withEachWatcher('an entry named like its directory is told like any other', async (watch) => {
  const tree = await watch(['same/same', 'same/other/other'])
  await tree.expectEditsSeen('same/same', 'same/other/other')
  rmSync(tree.at('same/same'))
  await tree.expectGone('same/same')
  mkdirSync(tree.at('same/same'))
  tree.write('same/same/same')
  await tree.expectPresent('same/same/same')
  await tree.expectEditsSeen('same/same/same', 'same/other/other')
})
