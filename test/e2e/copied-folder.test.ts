/** A backup, a second checkout made by copying, a sandbox: the daemon of one folder is not the other's. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepoAt } from '../support/temp-repo.ts'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, workspaceOf, type Workspace } from '../support/workspace.ts'
import { execFileSync } from 'node:child_process'

function copyOf(workspace: Workspace): Workspace {
  const root = join(dirname(workspace.root), 'copy')
  execFileSync('cp', ['-a', workspace.root, root])
  return workspaceOf(workspace.test, openRepoAt(root), workspace.remote)
}

const cloneIdOf = ({ stateDir }: Workspace): unknown =>
  (JSON.parse(readFileSync(join(stateDir, 'state.json'), 'utf8')) as { cloneId: unknown }).cloneId

test('a folder copied while its daemon runs has none, and gets one of its own', async (context) => {
  const workspace = makeWorkspace(context)
  const daemon = await startDaemon(workspace)
  await until('the status is written', () => daemon.status()?.state === 'idle', 10_000)
  const copy = copyOf(workspace)
  copy.repo.write('copy.md', 'copy\n')
  expect(JSON.parse((await copy.run(['status', '--json'])).out)).toMatchObject({ running: false, last: null })
  expect(await copy.run(['stop'])).toMatchObject({ code: 3 })
  expect(daemon.hasEnded()).toBe(false)
  const other = await startDaemon(copy)
  await other.says('counts as a clone of its own')
  await until('it is on the remote', () => copy.onRemote('copy.md') === 'copy\n', 10_000)
  expect(cloneIdOf(copy)).not.toBe(cloneIdOf(workspace))
  const id = cloneIdOf(copy)
  expect(await other.stop()).toBe(0)
  expect(daemon.hasEnded()).toBe(false)
  expect(JSON.parse((await workspace.run(['status', '--json'])).out)).toMatchObject({ running: true })
  const again = await startDaemon(copy)
  expect(cloneIdOf(copy)).toBe(id)
  expect(await again.stop()).toBe(0)
})

test('what it keeps of conflicts is kept on the remote beside the other’s', async (context) => {
  const workspace = makeWorkspace(context, { 'a.md': 'first\n' })
  const before = await startDaemon(workspace)
  await before.stop()
  const ref = `refs/workspace-sync/conflicts/${String(cloneIdOf(workspace))}/${workspace.repo.git('rev-parse', 'HEAD:a.md')}`
  workspace.repo.git('update-ref', ref, 'HEAD')
  const copy = copyOf(workspace)
  const daemon = await startDaemon(copy)
  copy.repo.write('a.md', 'second\n')
  await until('it is on the remote', () => copy.onRemote('a.md') === 'second\n', 10_000)
  const own = ref.replace(String(cloneIdOf(workspace)), String(cloneIdOf(copy)))
  expect(copy.repo.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts')).toBe(own)
  await until('the remote keeps it', () => workspace.remote.git('for-each-ref', own) !== '', 10_000)
  expect(await daemon.stop()).toBe(0)
})
