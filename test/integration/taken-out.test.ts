import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { gitEnvironment, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

/** Somebody takes everything out of the remote that came after the first commit. */
function takeOut(there: TempRepo): string {
  there.git('push', '-q', '--force', 'origin', 'HEAD:main')
  return there.git('rev-parse', 'HEAD')
}

test.each([
  ['a commit by hand', 'commit', ['pull.interval=50ms']],
  ['an undo', 'undo', ['pull.interval=50ms']],
  ['a save before anybody has looked', 'save', ['pull.interval=1h']],
] as const)('what was taken out of the remote by force does not come back with %s', async (_, what, sets) => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here, sets)
  for (const path of ['secret.md', 'more.md']) {
    here.write(path, 'secret\n')
    expect((await daemon.sync(null)).problem).toBeNull()
  }
  const reset = takeOut(there)
  const pauses = (): number => told.filter((line) => line.startsWith('paused: rewritten')).length
  if (what !== 'save') await until('the pause', () => pauses() > 0)
  if (what === 'undo') await ask(join(here.root, '.git', 'workspace-sync'), 'undo', { commit: null })
  else here.write('b.md', 'b\n')
  if (what === 'commit') {
    here.git('add', 'b.md')
    here.git('commit', '-q', '-m', 'by hand')
  }
  expect((await daemon.sync(null)).problem).toContain('rewritten there')
  expect(remote.git('rev-parse', 'main')).toBe(reset)
  expect(pauses()).toBe(1)
})

test('a commit by hand on top of a branch that was reset here does not end the pause either, a merge does', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  const pushed = remote.git('rev-parse', 'main')
  here.git('reset', '-q', '--hard', 'HEAD~1')
  const pauses = (word: string): number => told.filter((line) => line.startsWith(`${word}: rewritten`)).length
  await until('the pause', () => pauses('paused') > 0)
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  expect((await daemon.sync(null)).problem).toContain(pushed.slice(0, 10))
  expect([pauses('paused'), pauses('resumed')]).toEqual([1, 0])
  here.git('merge', '-q', '-m', 'both', pushed)
  await until('the merge is there', () => remote.git('rev-parse', 'main') === here.git('rev-parse', 'HEAD'))
  expect([pauses('paused'), pauses('resumed')]).toEqual([1, 1])
})

test('a branch that was deleted on the remote is not made there again by a save before anybody has looked', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here, ['pull.interval=1h'])
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  remote.git('update-ref', '-d', 'refs/heads/main')
  here.write('c.md', 'c\n')
  expect((await daemon.sync(null)).problem).toContain('was deleted there')
  expect(remote.git('for-each-ref', 'refs/heads')).toBe('')
})

test('what the user pushed by hand is no reason to push less', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here, ['pull.interval=1h'])
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  here.git('push', '-q')
  here.write('c.md', 'c\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})

test('who takes over the remote’s history as the pause says keeps what was committed here since', async () => {
  const { here } = makeMachines({ 'a.md': 'a\n' })
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  here.write('c.md', 'a day of work\n')
  await until('the commit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('c.md'))
  const [, typed = ''] = /to take over the remote's instead: (.*)$/.exec((await daemon.sync(null)).remedy ?? '') ?? []
  await until('nobody holds the index', () => !existsSync(join(here.root, '.git', 'index.lock')))
  execFileSync('sh', ['-c', typed], { cwd: here.root, env: gitEnvironment, stdio: 'pipe' })
  await until('its end', async () => (await daemon.sync(null)).problem === null)
  const [kept = ''] = here.git('for-each-ref', '--format=%(refname)', 'refs/heads/kept-*').split('\n')
  expect(here.show(`${kept}:c.md`)).toBe('a day of work\n')
})
