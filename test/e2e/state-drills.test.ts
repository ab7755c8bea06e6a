/**
 * What only a process of its own shows about the files in the state directory: some that it may not open, as a start by
 * `sudo` or a copy from elsewhere leaves them, and some that are mapped into its memory. The rest: `daemon-drills.test.ts`.
 */
import { lstatSync, readdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { launchDaemon, startDaemon } from '../support/daemon.ts'
import { ifThere } from '../support/if-there.ts'
import { asMortal, close, open } from '../support/mortal.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

const filesIn = ({ stateDir }: Workspace): readonly string[] =>
  readdirSync(stateDir)
    .map((name) => join(stateDir, name))
    .filter((path) => ifThere(() => lstatSync(path))?.isFile())

async function edit(workspace: Workspace, text: string): Promise<void> {
  workspace.repo.write('first.md', text)
  await until(`${text} is on the remote`, () => workspace.onRemote('first.md') === text, 20_000)
  await until('the index knows it', () => workspace.repo.git('status', '--porcelain') === '', 10_000)
}

test.concurrent('none of its files may be opened: what can be made anew is, and edits go on', async (context) => {
  const workspace = makeWorkspace(context)
  writeFileSync(join(workspace.root, '.git', 'hooks', 'commit-msg'), '#!/bin/sh\nexit 0\n', { mode: 0o755 })
  const before = await startDaemon(workspace, { by: asMortal })
  await edit(workspace, 'before\n')
  await until('the journal is written', () => filesIn(workspace).some((path) => path.endsWith('journal.db')), 10_000)
  await before.kill9()
  for (const path of filesIn(workspace)) if (!path.endsWith('state.json')) close(path)
  const after = await startDaemon(workspace, { by: asMortal })
  await edit(workspace, 'after\n')
  for (const name of ['daemon.log', 'lock-token', 'COMMIT_EDITMSG', 'index', 'status.json']) {
    await after.says(`${name} may not be opened by this user`)
  }
  await after.says('journal.db could not be opened by this user')
  await until('the status is true', () => after.status()?.state === 'idle' && after.status()?.ahead === 0, 10_000)
  expect(await after.stop()).toBe(0)
})

test.concurrent(
  'its files are closed to it while it runs: edits go on, and so they do after a restart',
  async (context) => {
    const workspace = makeWorkspace(context)
    const before = await startDaemon(workspace, { by: asMortal })
    await edit(workspace, 'before\n')
    for (const path of filesIn(workspace)) close(path)
    await edit(workspace, 'after\n')
    await until('the status is its own again', () => before.status()?.state === 'idle', 10_000)
    expect(before.status()).toMatchObject({ pid: before.pid, ahead: 0 })
    expect((await workspace.run(['sync'])).code).toBe(0)
    expect(readFileSync(join(workspace.stateDir, 'daemon.log'), 'utf8')).toContain('may not be opened by this user')
    expect(await before.stop()).toBe(0)
    const after = await startDaemon(workspace, { by: asMortal })
    await edit(workspace, 'later\n')
    expect(await after.stop()).toBe(0)
  },
)

test.concurrent(
  'what was agreed to and may not be read is not forgotten: the start says how to get it back',
  async (context) => {
    const workspace = makeWorkspace(context)
    await (await startDaemon(workspace, { by: asMortal })).stop()
    const state = join(workspace.stateDir, 'state.json')
    const text = readFileSync(state, 'utf8')
    close(state)
    const refused = launchDaemon(workspace, { by: asMortal })
    expect(await refused.ended).toBe(1)
    const [wrong, remedy, ...rest] = refused.err().trimEnd().split('\n')
    expect([wrong, rest]).toEqual([`error: ${state} may not be read by this user`, []])
    expect(remedy).toBe(`make it yours: sudo chown "$(id -un)" ${state} && chmod u+rw ${state}`)
    expect(readFileSync(state, 'utf8')).toBe(text)
    open(state)
    await startDaemon(workspace, { by: asMortal })
    await edit(workspace, 'after\n')
  },
)

test.concurrent('a state directory that may not be entered is told with the remedy', async (context) => {
  const workspace = makeWorkspace(context)
  await (await startDaemon(workspace, { by: asMortal })).stop()
  close(workspace.stateDir)
  const refused = launchDaemon(workspace, { by: asMortal })
  expect([1, 2]).toContain(await refused.ended)
  const [wrong = '', remedy = '', ...rest] = refused.err().trimEnd().split('\n')
  expect(wrong).toMatch(/^error: .*workspace-sync/)
  expect(remedy).toMatch(/permission|chmod|chown|writ(able|e)/)
  expect(rest).toEqual([])
})

// The file that the journal shares with its readers is mapped into memory: to touch what was cut off ends a process.
test.concurrent('all its files are cut to nothing while it runs, those of the database too', async (context) => {
  const workspace = makeWorkspace(context)
  const daemon = await startDaemon(workspace)
  await edit(workspace, 'before\n')
  const isOpen = (): boolean => filesIn(workspace).some((path) => path.endsWith('journal.db-shm'))
  await until('the journal is open', isOpen, 10_000)
  for (const path of filesIn(workspace)) ifThere(() => truncateSync(path, 0))
  await edit(workspace, 'after\n')
  const knows = async (): Promise<boolean> => (await workspace.run(['why', 'first.md'])).out.includes('on the remote')
  await until('the journal is there again', knows, 20_000)
  for (const path of filesIn(workspace)) if (path.endsWith('-shm')) truncateSync(path, 0)
  expect(await daemon.stop()).toBe(0)
})
