import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addRemote, makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null

const noCommits = (repo: TempRepo): boolean => repo.git('for-each-ref', 'refs/heads/').length === 0

/** Two clones of a remote that has nothing yet. */
function emptyClones(): { readonly here: TempRepo; readonly there: TempRepo; readonly remote: TempRepo } {
  const here = makeRepo()
  onTestFinished(() => here.dispose())
  const remote = addRemote(here)
  const there = openRepoAt(join(here.root, '..', 'there'))
  here.git('clone', '-q', join(here.root, '..', 'remote.git'), there.root)
  return { here, there, remote }
}

function pushFirst(repo: TempRepo, files: Readonly<Record<string, string>>): void {
  for (const [path, text] of Object.entries(files)) repo.write(path, text)
  repo.git('checkout', '-q', '-B', 'main')
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'made elsewhere')
  repo.git('push', '-q', '-u', 'origin', 'main')
}

test('the first commit of the remote comes to a branch that has none', async () => {
  const { here, there, remote } = emptyClones()
  const { daemon } = await startMachine(here)
  pushFirst(there, { 'a.md': 'a\n', 'd/b.md': 'b\n' })
  await until('the first commit', () => !noCommits(here) && here.git('status', '--porcelain') === '')
  expect(here.git('rev-parse', 'HEAD')).toBe(there.git('rev-parse', 'HEAD'))
  expect(read(here.root, 'd/b.md')).toBe('b\n')
  here.write('c.md', 'c\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('rev-list', '--count', '--max-parents=0', 'main')).toBe('1')
  expect(remote.show('main:c.md')).toBe('c\n')
})

test('two machines that began with an empty remote at the same time come together', async () => {
  const { here, there, remote } = emptyClones()
  const cutOff = await startMachine(here, ['push.enabled=false'])
  here.write('ours.md', 'ours\n')
  here.write('both.md', 'ours\n')
  await until('our first commit', () => !noCommits(here) && here.git('status', '--porcelain') === '')
  await cutOff.stop()
  pushFirst(there, { 'theirs.md': 'theirs\n', 'both.md': 'theirs\n' })
  const { daemon } = await startMachine(here)
  expect(await daemon.sync(null)).toMatchObject({ ok: true, problem: null })
  expect(here.git('status', '--porcelain')).toBe('')
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('both.md\nours.md\ntheirs.md')
  expect(remote.show('main:both.md')).toBe('theirs\n')
  expect(here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')).toHaveLength(1)
  here.git('fsck', '--strict')
})

test('a history of its own that a person began is never put beside that of the remote', async () => {
  const { here, there, remote } = emptyClones()
  here.write('ours.md', 'ours\n')
  here.git('add', '-A')
  here.git('commit', '-q', '-m', 'by hand')
  pushFirst(there, { 'theirs.md': 'theirs\n' })
  const { daemon } = await startMachine(here)
  here.write('more.md', 'more\n')
  expect(await daemon.sync(null)).toMatchObject({ ok: false, problem: expect.stringContaining('no commit in common') })
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('theirs.md')
})

test('what was taken away here down to the first commit does not come back', async () => {
  const { here, there } = emptyClones()
  pushFirst(there, { 'a.md': 'a\n' })
  here.git('pull', '-q')
  const first = await startMachine(here)
  expect(await first.daemon.sync(null)).toMatchObject({ ok: true })
  await first.stop()
  here.git('update-ref', '-d', 'HEAD')
  here.git('rm', '-q', '-f', 'a.md')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  expect(noCommits(here)).toBe(true)
  expect(read(here.root, 'a.md')).toBeNull()
})
