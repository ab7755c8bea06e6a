import { chmodSync, existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepoAt } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test('a kept side that the remote did not get since it was away for a moment goes there with a later push', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const [path, away] = [remote.root, `${remote.root}.away`]
  const hook = join(path, 'hooks', 'post-receive')
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  here.write('a.md', 'ours\n')
  here.git('commit', '-q', '-a', '-m', 'ours')
  pushFrom(there, { 'a.md': 'theirs\n' })
  // Away right after it has taken the branch, once.
  writeFileSync(hook, `#!/bin/sh\n[ -e "${away}.once" ] && exit 0\n: >"${away}.once"\nmv "${path}" "${away}"\n`)
  chmodSync(hook, 0o755)
  const { daemon, told } = await startMachine(here)
  await until('it is away', () => existsSync(away))
  await until('the push is over', () => told.some((line) => line.startsWith('pushed')))
  renameSync(away, path)
  const kept = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/')
  expect(kept).not.toBe('')
  expect(remote.git('for-each-ref', 'refs/workspace-sync/')).toBe('')
  here.write('b.md', 'b\n')
  await until('it is sent', async () => (await daemon.sync(null)).problem === null)
  const mirrored = (): string => remote.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/')
  await until('the kept side is there', () => mirrored() === kept)
})

async function keptOnTheRemote() {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there, remote } = machines
  pushFrom(there, { 'a.md': 'theirs\n' })
  const started = await startMachine(here)
  here.write('a.md', 'ours\n')
  await started.daemon.sync(null)
  const refs = (): string => remote.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/')
  await until('the kept side is there', () => refs() !== '')
  return { ...machines, ...started, refs }
}

test('a kept side that was lost here stays on the remote', async () => {
  const { here, daemon, refs } = await keptOnTheRemote()
  const kept = refs()
  here.git('update-ref', '-d', kept)
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBe(null)
  here.write('b.md', 'c\n')
  expect((await daemon.sync(null)).problem).toBe(null)
  expect(refs()).toBe(kept)
})

test('a kept side stays on the remote when another clone takes the place of this one while the daemon runs', async () => {
  const { here, remote, refs, told } = await keptOnTheRemote()
  const kept = refs()
  const state = join(here.root, '.git', 'workspace-sync', 'state.json')
  renameSync(here.root, `${here.root}.old`)
  openRepoAt(join(here.root, '..')).git('clone', '-q', remote.root, here.root)
  mkdirSync(join(here.root, '.git', 'workspace-sync'))
  writeFileSync(state, '{"another":"one"}\n')
  await until('it is told', () => told.some((line) => line.includes('workspace-gone')))
  const looks = Date.now()
  await until('some looks later', () => Date.now() - looks > 1_500)
  expect(refs()).toBe(kept)
  expect(readFileSync(state, 'utf8')).toBe('{"another":"one"}\n')
})
