import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { launchDaemon, startDaemon } from '../support/daemon.ts'
import { asMortal } from '../support/mortal.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, program } from '../support/workspace.ts'

test.concurrent('a file that cannot be read is held with the remedy, and the rest goes on', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, repo } = workspace
  repo.write('closed.md', 'closed\n')
  chmodSync(join(root, 'closed.md'), 0)
  const daemon = await startDaemon(workspace, { by: asMortal })
  repo.write('open.md', 'open\n')
  await until('the rest is on the remote', () => workspace.onRemote('open.md') === 'open\n', 10_000)
  await until('it is held', () => daemon.status()?.held[0]?.path === 'closed.md', 10_000)
  expect(daemon.status()?.held[0]?.reason).toMatch(/cannot be read.*chmod u\+r/)
  expect((await workspace.run(['sync'])).code).toBe(4)
  chmodSync(join(root, 'closed.md'), 0o644)
  await until('made readable, it goes by itself', () => workspace.onRemote('closed.md') === 'closed\n', 10_000)
  await until('nothing is held', () => daemon.status()?.held.length === 0, 10_000)
})

test.concurrent('a directory that cannot be entered is told, and what it tracks is not deleted', async (context) => {
  const workspace = makeWorkspace(context, { 'closed/in.md': 'in\n', 'open.md': 'old\n' })
  const { root, repo } = workspace
  const daemon = await startDaemon(workspace, { by: asMortal })
  context.onTestFinished(() => chmodSync(join(root, 'closed'), 0o755))
  chmodSync(join(root, 'closed'), 0)
  repo.write('open.md', 'new\n')
  await until('the rest is on the remote', () => workspace.onRemote('open.md') === 'new\n', 10_000)
  await workspace.run(['sync'])
  expect(workspace.onRemote('closed/in.md')).toBe('in\n')
  expect(daemon.hasEnded()).toBe(false)
  chmodSync(join(root, 'closed'), 0o755)
  repo.write('closed/in.md', 'in again\n')
  await until('opened again, it is synced', () => workspace.onRemote('closed/in.md') === 'in again\n', 10_000)
})

test.concurrent('a git directory that cannot be written is told with the remedy', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, env } = workspace
  chmodSync(join(root, '.git'), 0o555)
  context.onTestFinished(() => chmodSync(join(root, '.git'), 0o755))
  const daemon = launchDaemon(workspace, { by: asMortal })
  expect([1, 2]).toContain(await daemon.ended)
  const [wrong = '', remedy = '', ...rest] = daemon.err().trimEnd().split('\n')
  expect(wrong).toMatch(/^error: .*\.git/)
  expect(remedy).toMatch(/writ(able|e)/)
  expect(rest).toEqual([])
  // Asking writes nothing, so it works.
  const command = [...asMortal, process.execPath, program, 'test-filter', 'first.md']
  expect(await startChild(context, command, { cwd: root, env }).ended).toBe(0)
})

test.concurrent(
  'objects that cannot be written while it runs are told, and what waits is caught up by itself',
  async (context) => {
    const workspace = makeWorkspace(context)
    const { root, repo } = workspace
    const daemon = await startDaemon(workspace, { by: asMortal })
    const objects = join(root, '.git', 'objects')
    // No new folder, and the present ones are closed too: as on a disk mounted read-only.
    for (let i = 0; i < 256; i++) mkdirSync(join(objects, i.toString(16).padStart(2, '0')), { recursive: true })
    const setAll = (mode: number): void => {
      for (let i = 0; i < 256; i++) chmodSync(join(objects, i.toString(16).padStart(2, '0')), mode)
      chmodSync(objects, mode)
    }
    context.onTestFinished(() => setAll(0o755))
    setAll(0o555)
    repo.write('stuck.md', 'stuck\n')
    await until('it is told', () => /fail|read-only|writ/.test(daemon.out().split(' watching ')[1] ?? ''), 10_000)
    await until('the status knows', () => daemon.status()?.oldestUnsyncedAtMs != null)
    setAll(0o755)
    await until('it catches up', () => workspace.onRemote('stuck.md') === 'stuck\n', 10_000)
  },
)
