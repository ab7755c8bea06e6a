import { renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { writeInChild } from '../support/write-in-child.ts'

const directories = Array.from({ length: 800 }, (_, i) => `tree/part-${i % 40}/section-${i}`)
const files = directories.flatMap((directory) => Array.from({ length: 10 }, (_, i) => `${directory}/page-${i}.md`))

// With the quiet periods of the default configuration: this is what somebody who unpacks an archive sees.
test('8,000 new files in 800 new directories, edits in them and a renamed directory are there in 40 s', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, root } = workspace
  expect((await workspace.run(['init'])).code).toBe(0)
  const defaults = ['debounce.immediate=2s', 'debounce.code=5s', 'debounce.default=30s']
  await startDaemon(workspace, { sets: defaults })
  const startedMs = performance.now()
  const passedMs = (): number => Math.round(performance.now() - startedMs)
  await writeInChild(root, files)
  const writtenMs = passedMs()
  const isThere = (count: number): boolean => workspace.remotePaths().length === count
  await until('all of them are on the remote', () => isThere(8_001), 40_000 - passedMs())
  const arrivedMs = passedMs()
  for (let i = 0; i < 8_000; i += 400) repo.write(files[i] ?? '', `edit ${i}\n`)
  renameSync(join(root, 'tree/part-7'), join(root, 'tree/moved'))
  const expected = files.map((path) => path.replace('tree/part-7/', 'tree/moved/'))
  const isEdited = (): boolean =>
    expected.every((path, i) => i % 400 !== 0 || workspace.onRemote(path) === `edit ${i}\n`)
  const isMoved = (): boolean => workspace.remotePaths().join() === ['first.md', ...expected].toSorted().join()
  await until('the edits and the rename too', () => isMoved() && isEdited(), 40_000 - passedMs())
  console.log(`written after ${writtenMs} ms, on the remote after ${arrivedMs}, with what followed after ${passedMs()}`)
  await until('the index knows it too', () => repo.git('status', '--porcelain') === '', 10_000)
}, 60_000)
