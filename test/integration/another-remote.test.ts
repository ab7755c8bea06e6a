import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'

function anotherRemote(here: TempRepo): TempRepo {
  const root = join(here.root, '..', 'another.git')
  here.git('init', '-q', '--bare', '-b', 'main', root)
  return openRepoAt(root)
}

test.each([
  ['a remote whose address was changed', (root: string) => [['remote', 'set-url', 'origin', root]]],
  [
    'another remote that the branch was given',
    (root: string) => [
      ['remote', 'add', 'another', root],
      ['config', 'branch.main.remote', 'another'],
    ],
  ],
])('%s and that is empty is filled: nothing was deleted there', async (_, commands) => {
  const { here } = makeMachines({ 'a.md': 'a\n' })
  const another = anotherRemote(here)
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  for (const command of commands(another.root)) here.git(...command)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(another.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
  expect(told.filter((line) => line.startsWith('paused: rewritten'))).toEqual([])

  // From then on that one is known.
  another.git('update-ref', '-d', 'refs/heads/main')
  here.write('a.md', 'c\n')
  expect((await daemon.sync(null)).problem).toContain('was deleted there')
})

test('another branch of the remote that is followed from now on has taken nothing out', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  remote.git('branch', 'other', 'main')
  const { daemon, told } = await startMachine(here, ['pull.interval=1h'])
  here.git('config', 'push.default', 'upstream')
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('config', 'branch.main.merge', 'refs/heads/other')
  here.write('a.md', 'c\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('rev-parse', 'other')).toBe(here.git('rev-parse', 'HEAD'))
  expect(told.filter((line) => line.startsWith('paused: rewritten'))).toEqual([])
})
