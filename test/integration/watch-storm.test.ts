import { rmSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { watchTree, withEachWatcher } from '../support/watched-tree.ts'
import { writeInChild } from '../support/write-in-child.ts'

withEachWatcher(
  'every file of 4,000 in 400 new nested directories is told, and later edits in each directory',
  async (watch) => {
    const tree = await watch(['kept'])
    const files: string[] = []
    for (let i = 0; i < 400; i += 1) {
      const directory = `n${i % 10}/m${Math.floor(i / 10) % 10}/o${Math.floor(i / 100)}`
      for (let j = 0; j < 10; j += 1) files.push(`${directory}/file-${j}`)
    }
    await writeInChild(tree.root, files)
    await until('all told', () => files.every((file) => tree.seen.has(file)), 15_000)
    if (tree.tellsExactly) expect(tree.rescans).toEqual([])
    const edited = files.filter((_, index) => index % 10 === 3)
    await tree.expectEditsSeen(...edited)
  },
)

test('every file of 4,000 in 100 directories that were there is told', async () => {
  const directories = Array.from({ length: 100 }, (_, i) => `d${i}`)
  const tree = await watchTree(directories.map((directory) => `${directory}/old`))
  const files = directories.flatMap((directory) => Array.from({ length: 40 }, (_, j) => `${directory}/new-${j}`))
  await writeInChild(tree.root, files)
  await until('all told', () => files.every((file) => tree.seen.has(file)), 15_000)
  expect(tree.rescans).toEqual([])
})

test('every one of 300 deletions in one directory is told', async () => {
  const files = Array.from({ length: 300 }, (_, i) => `d/file-${i}`)
  const tree = await watchTree(files)
  for (const file of files) rmSync(tree.at(file))
  await tree.expectGone(...files)
})

test('directories that vanish while they are read harm nothing', async () => {
  const tree = await watchTree(['kept'])
  await writeInChild(tree.root, [], 'for i in $(seq 60); do mkdir -p a/b/c/d/e; : > a/b/c/d/e/f; rm -rf a; done')
  tree.write('a/b/last')
  await tree.expectPresent('a/b/last')
  await tree.settle()
  expect(tree.source.health()).toMatchObject({ directories: 3, degraded: null })
  await tree.expectEditsSeen('a/b/last', 'kept')
})
