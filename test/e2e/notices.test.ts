import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { privateKey } from '../support/private-key.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

const key = privateKey()

/** A real program in the place of the desktop's notifier. */
function withNotifier(workspace: Workspace): { readonly workspace: Workspace; said(): string } {
  const folder = join(workspace.root, '..', 'desktop')
  const file = join(folder, 'said')
  mkdirSync(folder)
  const script = `#!/bin/sh\nprintf '%s|' "$@" >> '${file}'\necho >> '${file}'\n`
  writeFileSync(join(folder, 'notify-send'), script, { mode: 0o755 })
  writeFileSync(file, '')
  const env = { ...workspace.env, PATH: `${folder}:${workspace.env['PATH']}` }
  return { workspace: { ...workspace, env }, said: () => readFileSync(file, 'utf8') }
}

test('what is held is told once at the next command and once on the desktop, across restarts', async (context) => {
  const { workspace, said } = withNotifier(makeWorkspace(context))
  const first = await startDaemon(workspace)
  workspace.repo.write('id_rsa', `${key}\n`)
  const isUntold = (): boolean => readFileSync(join(workspace.stateDir, 'notices.json'), 'utf8').includes('id_rsa')
  await until('it is held', () => first.status()?.held[0]?.path === 'id_rsa', 10_000)
  await until('there is something to tell', isUntold)
  // Neither of these has told anybody.
  expect((await workspace.run(['config', 'check', '--json'])).err).toBe('')
  expect((await workspace.run(['config', 'check', '-q'])).err).toBe('')
  expect((await workspace.run(['status'])).err).toBe('')
  const told = await workspace.run(['config', 'check'])
  expect(told.err).toMatch(/^notice: held: id_rsa: .*secret.*workspace-sync ack id_rsa\n$/)
  expect((await workspace.run(['config', 'check'])).err).toBe('')
  await until('the desktop is told', () => said() !== '', 15_000)
  expect(said()).toMatch(/^--app-name=workspace-sync\|--\|workspace-sync: work\|held: id_rsa: .*\|\n$/)
  await first.stop()
  const second = await startDaemon(workspace)
  await until('it is held again', () => second.status()?.held[0]?.path === 'id_rsa', 10_000)
  workspace.repo.write('note.md', 'a turn later\n')
  await until('the daemon works', () => workspace.onRemote('note.md') !== null, 15_000)
  expect((await workspace.run(['config', 'check'])).err).toBe('')
  expect(said().split('\n').length).toBe(2)
})

test.concurrent('what was settled before the next command is not told', async (context) => {
  const workspace = makeWorkspace(context)
  const daemon = await startDaemon(workspace)
  const untold = join(workspace.stateDir, 'notices.json')
  const isThere = (): boolean => {
    try {
      return readFileSync(untold, 'utf8').includes('id_rsa')
    } catch {
      return false
    }
  }
  workspace.repo.write('id_rsa', `${key}\n`)
  await until('there is something to tell', isThere, 10_000)
  rmSync(join(workspace.root, 'id_rsa'))
  await until('it is over', () => daemon.status()?.held.length === 0 && !isThere(), 10_000)
  expect((await workspace.run(['config', 'check'])).err).toBe('')
})
