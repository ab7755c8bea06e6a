import { execFileSync } from 'node:child_process'
import { readFileSync, renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { watchTree } from '../support/watched-tree.ts'

/** What the kernel keeps for a reader, and some more. */
const events = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8')) + 1_000

/**
 * What a child writes while this process waits for it without running its loop is what a stopped process misses: the
 * queue fills up, the kernel drops the rest, and nobody says so. Writing to two files in turn makes an event each time;
 * the kernel merges only what equals the event before.
 */
function writeWhileBlocked(root: string): void {
  const script = `
    const { mkdirSync, openSync, writeFileSync, writeSync } = require('node:fs')
    const files = [openSync('old-0/file', 'a'), openSync('old-1/file', 'a')]
    for (let i = 0; i < ${events}; i += 1) writeSync(files[i % 2], 'x')
    for (let i = 0; i < 50; i += 1) {
      mkdirSync('new-' + i + '/sub', { recursive: true })
      writeFileSync('new-' + i + '/sub/file', '')
      writeFileSync('late-' + i + '/file', 'edited')
    }`
  execFileSync(process.execPath, ['-e', script], { cwd: root })
}

test('an overflow of the event queue is noticed, and everything is watched when the rescan is wanted', async () => {
  const old = Array.from({ length: 20 }, (_, i) => `old-${i}/file`)
  const late = Array.from({ length: 50 }, (_, i) => `late-${i}/file`)
  const tree = await watchTree([...old, ...late, 'gone/sub/file', 'swap-a/in-a', 'swap-b/in-b'])
  const directories = tree.source.health().directories ?? 0
  writeWhileBlocked(tree.root)
  renameSync(tree.at('gone'), `${tree.root}-gone`)
  renameSync(tree.at('swap-a'), tree.at('t'))
  renameSync(tree.at('swap-b'), tree.at('swap-a'))
  renameSync(tree.at('t'), tree.at('swap-b'))
  expect(tree.rescans).toEqual([])
  await until('a rescan is wanted', () => tree.rescans.length > 0, 15_000)
  expect(tree.rescans[0]).toBe("the kernel's event queue overflowed")
  // Dropped by the kernel indeed, or this would prove nothing.
  expect([...late, 'new-0'].filter((path) => tree.seen.has(path))).toEqual([])
  expect(tree.source.health()).toMatchObject({ directories: directories + 100 - 2, degraded: null })
  const made = Array.from({ length: 50 }, (_, i) => `new-${i}/sub/file`)
  await tree.expectEditsSeen(...old, ...late, ...made, 'swap-a/in-b', 'swap-b/in-a')
  expect(tree.seen.size).toBe(old.length + late.length + made.length + 2)
})
