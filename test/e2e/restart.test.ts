import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { spawnSync } from 'node:child_process'
import { expect, test, vi } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Restarted {
  readonly pid: number
  readonly previousPid: number | null
  readonly options: readonly string[]
}

/** Daemons in the background are nobody's children: when a test fails, they must not stay. */
async function command(workspace: Workspace, ...args: readonly string[]): Promise<Restarted> {
  const { code, out, err } = await workspace.run([...args, '--json'])
  expect([code, err]).toEqual([0, ''])
  const answer = JSON.parse(out) as Restarted
  workspace.test.onTestFinished(() => void spawnSync('kill', ['-9', String(answer.pid)]))
  if (args[0] === 'start') expectShape('start', answer)
  else expectShape('restart', answer)
  return answer
}

const quick = ['--set', 'debounce.code=100ms']

test.concurrent('restart keeps the options that the daemon was started with', async (context) => {
  const workspace = makeWorkspace(context)
  const first = await command(workspace, 'start', '--no-push', ...quick)
  const second = await command(workspace, 'restart')
  expect(second).toMatchObject({ previousPid: first.pid, options: ['--no-push', ...quick] })
  workspace.repo.write('first.md', 'new\n')
  await until('it is committed', () => workspace.repo.show('HEAD:first.md') === 'new\n', 15_000)
  expect(workspace.onRemote('first.md')).toBe('first\n')
  const stopped = await workspace.run(['stop', '--json'])
  expectShape('stop', JSON.parse(stopped.out))
})

test.concurrent('restart ends a daemon that hangs', async (context) => {
  const workspace = makeWorkspace(context)
  const first = await command(workspace, 'start', ...quick)
  spawnSync('kill', ['-STOP', String(first.pid)])
  workspace.repo.write('first.md', 'new\n')
  const second = await command(workspace, 'restart')
  expect(second.previousPid).toBe(first.pid)
  await until('it works again', () => workspace.onRemote('first.md') === 'new\n', 15_000)
})

test.concurrent('restart starts one where none runs, and stops none that could not start again', async (context) => {
  const workspace = makeWorkspace(context)
  const started = await command(workspace, 'restart', ...quick)
  expect(started.previousPid).toBeNull()
  const config = join(workspace.configDir, 'config.json')
  writeFileSync(config, '{ "remot": "origin" }')
  expect((await workspace.run(['restart'])).code).toBe(2)
  writeFileSync(config, '{}')
  const again = await command(workspace, 'start')
  expect(again.pid).toBe(started.pid)
})

test.concurrent('start says that it is paused, and what settles it', async (context) => {
  const workspace = makeWorkspace(context)
  /** The line behind the one that says that it watches. */
  const told = async (...args: readonly string[]): Promise<string> => {
    const { code, out, err } = await workspace.run([...args, '-v'])
    const pid = /pid (\d+)/.exec(out)?.[1]
    if (pid !== undefined) context.onTestFinished(() => void spawnSync('kill', ['-9', pid]))
    expect([code, err]).toEqual([0, ''])
    return out.split('\n')[1] ?? ''
  }
  for (let index = 0; index < 101; index++) workspace.repo.write(`notes/${index}.md`, 'a\n')
  expect(await told('start', ...quick)).toMatch(/^paused: 101 paths .* are uncommitted here.* `workspace-sync sync`$/)
  const again = await command(workspace, 'start')
  expect(again).toMatchObject({ reason: expect.stringMatching(/^first-sync: 101 paths/) })
  expect((await workspace.run(['pause'])).code).toBe(0)
  expect(await told('restart')).toMatch(/^paused by .+; workspace-sync resume ends it$/)
  expect((await workspace.run(['resume'])).code).toBe(0)
  workspace.repo.git('branch', '--unset-upstream')
  expect((await workspace.run(['sync'])).code).toBe(1)
  expect(await told('restart')).toMatch(/^paused: branch main has no upstream.*git push -u origin main/)
})
