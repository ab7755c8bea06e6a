import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

/** What is pushed goes to a fork, and commits come from the remote. */
function makeFork({ here }: Machines): TempRepo {
  const root = join(here.root, '..', 'fork.git')
  here.git('init', '-q', '--bare', '-b', 'main', root)
  here.git('config', 'remote.origin.pushurl', root)
  return openRepoAt(root)
}

test.each([
  ['an empty fork', false],
  ['a fork that is behind', true],
])('pushes to %s are told as what they are, not as rewritten history, and commits go on', async (_, isFilled) => {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there, remote } = machines
  const fork = makeFork(machines)
  if (isFilled) here.git('push', '-q', fork.root, 'main')
  pushFrom(there, { 'b.md': 'b\n' })
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'more\n')
  const { problem } = await daemon.sync(null)
  expect(problem).toContain(`pushes go to ${fork.root}`)
  expect(problem).toContain(`commits come from ${remote.root}`)
  here.write('c.md', 'c\n')
  await until('the commit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('c.md'))
  await daemon.sync(null)
  expect(told.join('\n')).not.toContain('rewritten')

  const [, command = ''] = /git (config --unset-all \S+);/.exec((await daemon.sync(null)).remedy ?? '') ?? []
  here.git(...command.split(' '))
  await until('it is there', async () => (await daemon.sync(null)).problem === null)
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})

test('another address of the same repository is a good one to push to, also after a push by hand', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  here.git('config', 'remote.origin.pushurl', pathToFileURL(remote.root).href)
  const { daemon } = await startMachine(here, ['pull.interval=1h'])
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--allow-empty', '-m', 'by hand')
  here.git('push', '-q')
  here.write('a.md', 'c\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  pushFrom(there, { 'b.md': 'b\n' })
  here.write('a.md', 'd\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})
