import { execFileSync } from 'node:child_process'
import { renameSync } from 'node:fs'
import { expect, test } from 'vitest'
import { until } from '../support/until.ts'
import { watchTree } from '../support/watched-tree.ts'

/** More than the kernel's queue holds (16,384 unless somebody raised it; two events a file). */
const files = 20_000

/**
 * What a child writes while this process waits for it without running its loop is what a stopped process misses: the
 * queue fills up, the kernel drops the rest, and nobody says so.
 */
function writeWhileBlocked(root: string): void {
  const script = `
    const { mkdirSync, writeFileSync } = require('node:fs')
    for (let i = 0; i < ${files}; i += 1) writeFileSync('old-' + (i % 20) + '/file-' + i, '')
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
  const directories = tree.source.health().directories
  writeWhileBlocked(tree.root)
  renameSync(tree.at('gone'), `${tree.root}-gone`)
  renameSync(tree.at('swap-a'), tree.at('t'))
  renameSync(tree.at('swap-b'), tree.at('swap-a'))
  renameSync(tree.at('t'), tree.at('swap-b'))
  expect(tree.rescans).toEqual([])
  await until('a rescan is wanted', () => tree.rescans.length > 0, 15_000)
  expect(tree.rescans[0]).toBe("the kernel's event queue overflowed")
  expect(tree.seen.has('new-49/sub/file')).toBe(false)
  expect(tree.source.health()).toMatchObject({ directories: directories + 100 - 2, degraded: null })
  const made = Array.from({ length: 50 }, (_, i) => `new-${i}/sub/file`)
  await tree.expectEditsSeen(...old, ...late, ...made, 'swap-a/in-b', 'swap-b/in-a')
  expect(tree.seen.size).toBe(old.length + late.length + made.length + 2)
})
