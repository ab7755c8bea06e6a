import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

/** A PATH on which git takes a second to bring the user's index up to a commit, as it does for very many files. */
function slowToRenewIndex({ repo, env }: Workspace): string {
  const folder = join(dirname(repo.root), 'slow')
  mkdirSync(folder)
  const script = [
    '#!/bin/sh',
    `PATH='${env['PATH'] ?? ''}'`,
    'case "$*" in *--pathspec-from-file*) sleep 1;; esac',
    'exec git "$@"',
  ]
  writeFileSync(join(folder, 'git'), `${script.join('\n')}\n`)
  chmodSync(join(folder, 'git'), 0o755)
  return `${folder}:${env['PATH'] ?? ''}`
}

test('when sync has answered, git finds nothing to commit, however long its index takes', async (context) => {
  const workspace = makeWorkspace(context, { 'plan.md': 'old\n' })
  const { repo } = workspace
  const sets = ['debounce.code=1h']
  await startDaemon(workspace, { sets, by: ['env', `PATH=${slowToRenewIndex(workspace)}`] })
  repo.write('plan.md', 'new\n')
  const { code } = await workspace.run(['sync'])
  expect([code, workspace.onRemote('plan.md'), repo.git('status', '--porcelain')]).toEqual([0, 'new\n', ''])
})
