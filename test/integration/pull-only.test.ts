import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { makeRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const sets = ['push.enabled=false']

test('who pushes nothing is brought what others push all the same', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  await startMachine(here, sets)
  here.write('mine.md', 'mine\n')
  await until('it is committed', () => here.git('status', '--porcelain') === '')
  pushFrom(there, { 'a.md': 'b\n' })
  await until('it is brought in', () => readFileSync(join(here.root, 'a.md'), 'utf8') === 'b\n', 10_000)
  expect(remote.git('ls-tree', '--name-only', 'main')).toBe('a.md')
})

test('who pushes nothing need not say where to', async () => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const { told } = await startMachine(repo, sets)
  repo.write('a.md', 'b\n')
  await until('it is committed', () => repo.git('status', '--porcelain') === '')
  const status = await ask(join(repo.root, '.git', 'workspace-sync'), 'status', {})
  expect(status).toMatchObject({ verifiedAtMs: null })
  expect(told.filter((line) => line.includes('upstream'))).toEqual([])
})
