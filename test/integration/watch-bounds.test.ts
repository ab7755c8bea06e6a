import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { until } from '../support/until.ts'
import { watchTree } from '../support/watched-tree.ts'

test('take gives one event a path with the latest look, and nothing twice', async () => {
  let ready = 0
  const tree = await watchTree(['file'], { onReady: () => (ready += 1) })
  tree.write('file', 'a')
  await until('ready', () => ready === 1)
  tree.write('file', 'ab')
  tree.write('file', 'abc')
  tree.write('other', '')
  let latest = -1
  const paths: string[] = []
  await until('the last write', () => {
    const { events } = tree.source.take()
    for (const event of events) {
      paths.push(event.path)
      if (event.path === 'file') latest = event.entry?.sizeBytes ?? -1
    }
    expect(new Set(events.map((event) => event.path)).size).toBe(events.length)
    return latest === 3 && paths.includes('other')
  })
  expect(tree.source.take()).toEqual({ events: [], rescan: null })
})

test('onReady is called once until take', async () => {
  let ready = 0
  const tree = await watchTree(['file'], { onReady: () => (ready += 1) })
  tree.write('file', 'a')
  await until('ready', () => ready === 1)
  for (let i = 0; i < 20; i += 1) {
    tree.write(`d${i}/file`)
    await until('watched', () => tree.source.health().directories === i + 2)
  }
  expect(ready).toBe(1)
  tree.source.take()
  tree.write('file', 'b')
  await until('ready again', () => ready > 1)
})

test('more events than the limit collapse to one rescan, and later edits are told one by one', async () => {
  const tree = await watchTree([], { limits: { eventsMax: 10 }, onReady: () => {} })
  for (let i = 0; i < 50; i += 1) writeFileSync(tree.at(`file-${i}`), '')
  const rescans: string[] = []
  await until('collapsed', () => {
    const batch = tree.source.take()
    expect(batch.events.length).toBeLessThanOrEqual(10)
    if (batch.rescan !== null) rescans.push(batch.rescan)
    return rescans.length > 0
  })
  expect(rescans[0]).toBe('more than 10 paths changed at once')
  tree.write('file-7', 'later')
  await until('the later edit', () => tree.source.take().events.some((event) => event.entry?.sizeBytes === 5))
})

test('more names than the limit lead to reading all again and a rescan, and new directories are watched', async () => {
  const tree = await watchTree(['kept', 'pruned/sub/file'], { limits: { namesMax: 10 } })
  tree.source.prune(pathBytes('pruned'))
  for (let i = 0; i < 30; i += 1) mkdirSync(tree.at(`d${i}/sub`), { recursive: true })
  await until('a rescan is wanted', () => tree.rescans.length > 0)
  expect(tree.rescans[0]).toBe('more than 10 names waited to be looked at')
  await until('all watched', () => tree.source.health().directories === 61)
  tree.forget()
  for (let i = 0; i < 30; i += 10) tree.write(`d${i}/sub/file`)
  await tree.expectPresent('d0/sub/file', 'd10/sub/file', 'd20/sub/file')
  expect([...tree.seen.keys()].filter((path) => path.startsWith('pruned'))).toEqual([])
})

test('more directories than the limit are told as degraded, and watched when there is room again', async () => {
  const limits = { directoriesMax: 3, checkMs: 20 }
  const tree = await watchTree(['a/file', 'b/file', 'c/file'], { limits })
  const degraded = tree.source.health().degraded
  expect(degraded?.reason).toBe('more than 3 directories, the rest is not watched')
  renameSync(tree.at('a'), `${tree.root}-a`)
  await until('healthy', () => tree.source.health().degraded === null)
  await until('a rescan is wanted', () => tree.rescans.length > 0)
  await tree.expectEditsSeen('b/file', 'c/file')
})
