import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 120_000 })

const deadlineMs = 30_000
const tooManyRules = 'BLOCK:x:y\n'.repeat(100_000)

test.concurrent(
  'rules change while the daemon runs; a mistake leaves the old ones in force until it is mended',
  async (context) => {
    const workspace = makeWorkspace(context)
    const { repo } = workspace
    const daemon = await startDaemon(workspace)
    const synced = (path: string) => until(`${path} is synced`, () => workspace.onRemote(path) !== null, deadlineMs)
    const reason = (): string => daemon.status()?.reason ?? ''

    const add = await workspace.run(['filters', 'add', 'BLOCK:gen/**:made again'])
    expect([add.code, add.out]).toEqual([0, expect.stringContaining('added.rules:1; in force from now on\n')])
    repo.write('gen/a.md', 'a\n')
    repo.write('a.md', 'a\n')
    await synced('a.md')
    expect(workspace.onRemote('gen/a.md')).toBeNull()

    const mine = join(workspace.configDir, 'filters', 'mine.rules')
    writeFileSync(mine, 'ALLOW:fine/**:\nDENY:other/**:\nno colon\n')
    await until('status tells the mistake', () => reason().includes('"DENY" is not an action'), deadlineMs)
    expect(reason()).toContain('mine.rules:2:1')
    const places = daemon.status()?.mistakes.map((line) => /mine\.rules:\d/.exec(line)?.[0])
    expect(places).toEqual(['mine.rules:2', 'mine.rules:3'])
    writeFileSync(mine, tooManyRules)
    await until('status tells the other one', () => reason().includes('more than 10000 rules in one file'), deadlineMs)
    const stuck = await workspace.run(['filters', 'add', 'BLOCK:z/**:'])
    expect([stuck.code, stuck.err.split('\n')[0]]).toEqual([2, 'error: 1 mistake in the rules'])
    repo.write('gen/b.md', 'b\n')
    repo.write('b.md', 'b\n')
    await synced('b.md')

    writeFileSync(mine, 'BLOCK:other/**:mine\n')
    await daemon.says('the mistake in the rules and settings is mended', deadlineMs)
    repo.write('other/c.md', 'c\n')
    repo.write('c.md', 'c\n')
    await synced('c.md')
    rmSync(mine)
    await synced('other/c.md')
    expect(workspace.remotePaths().filter((path) => path.startsWith('gen/'))).toEqual([])
  },
)

test.concurrent('a rule file of 100,000 lines stops the start with its place and what to do', async (context) => {
  const workspace = makeWorkspace(context)
  writeFileSync(join(workspace.configDir, 'filters', 'mine.rules'), tooManyRules)
  const { code, err } = await workspace.run(['start', '--once'])
  expect(code).toBe(2)
  expect(err).toMatch(/mine\.rules:10001:1: more than 10000 rules in one file/)
  expect(err).toContain('a second file')
})

test.concurrent(
  'ack lets a held secret leave from a running daemon, and another one in the same file is held',
  async (context) => {
    const workspace = makeWorkspace(context)
    const daemon = await startDaemon(workspace)
    const held = (): readonly string[] => (daemon.status()?.held ?? []).map(({ path }) => path)
    workspace.repo.write('.env', 'TOKEN=one\n')
    await until('it is held', () => held().includes('.env'), deadlineMs)
    expect(workspace.onRemote('.env')).toBeNull()
    const { code, out } = await workspace.run(['ack', '.env', '--reason', 'a placeholder'])
    expect([code, out]).toEqual([0, expect.stringContaining('looked at again now')])
    await until('it is on the remote', () => workspace.onRemote('.env') === 'TOKEN=one\n', deadlineMs)
    await until('nothing is held', () => held().length === 0, deadlineMs)
    workspace.repo.write('.env', 'TOKEN=two\n')
    await until('the other one is held', () => held().includes('.env'), deadlineMs)
    expect(workspace.onRemote('.env')).toBe('TOKEN=one\n')
  },
)
