import { mkdirSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEventSource } from '../../src/events/events.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { until } from '../support/until.ts'
import { temporaryFolder, watchTree } from '../support/watched-tree.ts'

const soon = { limits: { checkMs: 20 } }

test('a root deleted and made again is watched again, after a time of degraded health', async () => {
  const tree = await watchTree(['d/file'], soon)
  rmSync(tree.root, { recursive: true })
  await until('degraded', () => tree.source.health().degraded !== null)
  expect(tree.source.health().degraded?.reason).toBe('the workspace folder is gone')
  expect(tree.source.health().directories).toBe(0)
  tree.write('d/file')
  await until('a rescan is wanted', () => tree.rescans.length > 0)
  expect(tree.source.health().degraded).toBeNull()
  await tree.expectEditsSeen('d/file')
})

test('a root renamed away and replaced at once is noticed', async () => {
  const tree = await watchTree(['d/file'], soon)
  const other = join(tree.root, '..', 'other')
  mkdirSync(join(other, 'd'), { recursive: true })
  writeFileSync(join(other, 'd', 'file'), 'other')
  renameSync(tree.root, `${tree.root}-away`)
  renameSync(other, tree.root)
  await until('a rescan is wanted', () => tree.rescans.length > 0)
  await tree.expectEditsSeen('d/file')
  tree.forget()
  writeFileSync(join(`${tree.root}-away`, 'd', 'file'), 'old')
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual([])
})

test('a deleted root is noticed by its own event, without the timer', async () => {
  const tree = await watchTree(['d/file'], { limits: { checkMs: 3_600_000 } })
  rmSync(tree.root, { recursive: true })
  await until('degraded', () => tree.source.health().degraded !== null)
})

test('a parent renamed away and back changes nothing', async () => {
  const tree = await watchTree(['d/file'], { limits: { checkMs: 3_600_000 } })
  const parent = join(tree.root, '..')
  renameSync(parent, `${parent}-away`)
  renameSync(`${parent}-away`, parent)
  await tree.expectEditsSeen('d/file')
  expect(tree.rescans).toEqual([])
})

test('a root that is a link to a directory is watched', async () => {
  const target = temporaryFolder()
  const link = join(temporaryFolder(), 'link')
  mkdirSync(join(target, 'd'))
  writeFileSync(join(target, 'd', 'file'), 'text')
  symlinkSync(target, link)
  const tree = await watchTree([], { root: link })
  await tree.expectEditsSeen('d/file')
})

test('a root that does not exist is refused with what to do', async () => {
  const root = join(temporaryFolder(), 'missing')
  const source = createEventSource({ root, clock: systemClock, skip: () => false, onReady: () => {} })
  onTestFinished(() => source.close())
  await expect(source.start()).rejects.toMatchObject({
    name: 'SyncError',
    message: `${root} is not a folder`,
    hint: 'name an existing folder that you may read',
  })
})

test('inotify is refused with what to do where there is none; by itself the other watcher is taken there', () => {
  const options = { root: '/', clock: systemClock, skip: () => false, onReady: () => {} }
  expect(() => createEventSource({ ...options, watcher: 'inotify' }, 'darwin')).toThrow('there is no inotify on darwin')
  for (const platform of ['darwin', 'win32']) expect(createEventSource(options, platform).health().name).toBe('parcel')
  expect(createEventSource(options, 'linux').health().name).toBe('inotify')
})

test('start gives no events for what lies there, and close resolves a start that is under way', async () => {
  const tree = await watchTree(['a/b/c', 'd'])
  await tree.settle()
  expect([...tree.seen.keys()]).toEqual([])
  const second = createEventSource({ root: tree.root, clock: systemClock, skip: () => false, onReady: () => {} })
  const started = second.start()
  second.close()
  await started
  expect(second.health().directories).toBe(0)
})
