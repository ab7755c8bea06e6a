import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, startMachine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const dirOf = (repo: TempRepo): string => join(repo.root, '.git', 'workspace-sync')
const sayReplace = (repo: TempRepo) => ask(dirOf(repo), 'sync', { paths: null, replaceRemote: true })

async function amended(): Promise<Machines & { readonly pushed: string }> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, remote } = machines
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  here.git('commit', '-q', '--amend', '-m', 'in my own words')
  await until('the pause', () => told.some((line) => line.startsWith('paused: rewritten')))
  return { ...machines, pushed: remote.git('rev-parse', 'main') }
}

test('while somebody has paused, a word about rewritten history replaces nothing, and does after resume', async () => {
  const { here, remote, pushed } = await amended()
  await ask(dirOf(here), 'pause', { by: 'me', forMs: null })
  expect(await sayReplace(here)).toMatchObject({
    ok: false,
    problem: expect.stringMatching(/^paused by me .*nothing was replaced$/),
    remedy: 'workspace-sync resume ends it',
  })
  expect(remote.git('rev-parse', 'main')).toBe(pushed)
  await ask(dirOf(here), 'resume', {})
  expect(await sayReplace(here)).toMatchObject({ ok: true })
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})

test('a word about rewritten history replaces no branch that git would not push to', async () => {
  const { here, remote, pushed } = await amended()
  here.git('config', 'remote.pushDefault', 'fork')
  expect(await sayReplace(here)).toMatchObject({ ok: false, problem: expect.stringContaining('nothing was replaced') })
  expect(remote.git('rev-parse', 'main')).toBe(pushed)
})
