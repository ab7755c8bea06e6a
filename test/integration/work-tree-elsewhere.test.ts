/** A repository whose work tree lies somewhere else, as dotfiles are kept (`core.worktree`). */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRepository } from '../../src/git/git.ts'
import { startHere } from '../support/daemon-here.ts'
import { gitEnvironment } from '../support/temp-repo.ts'
import { makeMachines, pushFrom } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test('what is written there is committed and pushed, and what others pushed is brought there', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const tree = join(here.root, '..', 'elsewhere')
  mkdirSync(tree)
  here.git('config', 'core.worktree', tree)
  here.git('checkout', '-q', '-f')
  const opened = await openRepository(here.root, { environment: gitEnvironment })
  expect(opened.repository).toMatchObject({ root: tree, gitDir: join(here.root, '.git') })
  await opened.close()
  const { daemon, stop } = await startHere(here, { sets: ['pull.interval=200ms'] })
  onTestFinished(stop)
  here.write('../elsewhere/a.md', 'b\n')
  here.write('../elsewhere/new/b.md', 'b\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('a.md\nnew/b.md')
  pushFrom(there, { 'a.md': 'theirs\n' })
  await until('it is here', () => here.show('HEAD:a.md') === 'theirs\n')
  await until('so it is in the index', () => here.git('status', '--short') === '')
})
