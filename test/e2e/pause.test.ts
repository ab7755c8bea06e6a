import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { expectShape } from '../support/json-shape.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

async function json(workspace: Workspace, ...args: readonly string[]): Promise<Record<string, unknown>> {
  const answer = await workspace.run([...args, '--json'])
  expect([answer.code, answer.err]).toEqual([0, ''])
  return JSON.parse(answer.out) as Record<string, unknown>
}

test.concurrent('a pause lets nothing through, survives a restart, and resume catches up', async (context) => {
  const workspace = makeWorkspace(context)
  const commits = (): string => workspace.repo.git('rev-list', '--count', 'HEAD')
  const first = await startDaemon(workspace)
  const paused = await json(workspace, 'pause')
  expectShape('pause', paused)
  expect(paused).toEqual({ paused: true, until: null, running: true })
  workspace.repo.write('first.md', 'while paused\n')
  await until('it is seen', () => (first.status()?.pending.length ?? 0) > 0, 10_000)
  expect(first.status()).toMatchObject({ state: 'paused' })
  expect(first.status()?.reason).toMatch(/^by-hand: paused by .+ at .+; workspace-sync resume ends it$/)
  const sync = await workspace.run(['sync'])
  expect(sync).toMatchObject({ code: 1 })
  expect(sync.err).toMatch(/paused by [^\n]*\nworkspace-sync resume/)
  await first.stop()
  expect((await workspace.run(['start', '--once'])).code).toBe(1)
  const second = await startDaemon(workspace)
  expect(second.status()).toMatchObject({ state: 'paused' })
  expect(commits()).toBe('1')
  const resumed = await json(workspace, 'resume')
  expectShape('resume', resumed)
  expect(resumed).toEqual({ wasPaused: true, running: true })
  await until('it is caught up', () => workspace.onRemote('first.md') === 'while paused\n', 15_000)
  expect(await json(workspace, 'resume')).toEqual({ wasPaused: false, running: true })
  expect(second.status()?.reason ?? '').not.toContain('by-hand')
})

test.concurrent('a pause with a time ends by itself, and a pause of a paused one changes the time', async (context) => {
  const workspace = makeWorkspace(context)
  await startDaemon(workspace)
  await json(workspace, 'pause', '--for', '2h')
  workspace.repo.write('first.md', 'later\n')
  const { until: untilText } = await json(workspace, 'pause', '--for', '1s')
  expect(Date.parse(String(untilText))).toBeLessThan(Date.now() + 60_000)
  await until('it is over', () => workspace.onRemote('first.md') === 'later\n', 15_000)
})

test.concurrent('without a daemon a pause counts from the next start on, and resume takes it back', async (context) => {
  const workspace = makeWorkspace(context)
  expect((await workspace.run(['resume'])).code).toBe(3)
  const answer = await workspace.run(['pause', '--for', '1h'])
  expect(answer).toMatchObject({ code: 0, err: expect.stringContaining('next start') as string })
  const daemon = await startDaemon(workspace)
  expect(daemon.status()).toMatchObject({ state: 'paused' })
  await daemon.stop()
  expect((await workspace.run(['resume'])).out).toContain('resumed')
  const again = await startDaemon(workspace)
  expect(again.status()?.state).not.toBe('paused')
  for (const wrong of ['soon', '30', '0', '99999d', '-5m']) {
    const { code, err } = await workspace.run(['pause', `--for=${wrong}`])
    expect([code, err.split('\n').length]).toEqual([2, 3])
  }
})
