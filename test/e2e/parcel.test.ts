import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'

test('with the parcel watcher a save, and what lies in a new folder, reach the remote', async (context) => {
  const workspace = makeWorkspace(context, { 'plan.md': 'old\n' })
  const daemon = await startDaemon(workspace, { sets: ['watcher=parcel'] })
  expect(daemon.status()).toMatchObject({ watcher: 'parcel' })
  workspace.repo.write('plan.md', 'new\n')
  await until('the save is on the remote', () => workspace.onRemote('plan.md') === 'new\n', 15_000)
  mkdirSync(join(workspace.root, 'a/b/c'), { recursive: true })
  workspace.repo.write('a/b/c/deep.md', 'deep\n')
  await until('the new file is on the remote', () => workspace.onRemote('a/b/c/deep.md') === 'deep\n', 15_000)
  workspace.repo.write('a/b/c/deep.md', 'deeper\n')
  await until('its edit is on the remote', () => workspace.onRemote('a/b/c/deep.md') === 'deeper\n', 15_000)
}, 60_000)
