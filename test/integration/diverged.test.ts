import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { stateAtRest } from '../../src/daemon/daemon.ts'
import { pathBytes } from '../../src/types.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const stateDir = (repo: TempRepo): string => join(repo.root, '.git', 'workspace-sync')
const open = (repo: TempRepo): readonly string[] =>
  (stateAtRest.read(stateDir(repo))?.diverged ?? []).map(({ path }) => path)

/** `a.md` is staged here from before the remote's change to it. */
async function stagedHere(): Promise<Machines & Machine> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there } = machines
  const machine = await startMachine(here)
  here.write('a.md', 'ours\n')
  here.git('add', 'a.md')
  pushFrom(there, { 'a.md': 'theirs\n' })
  await until('the remote is in', async () => {
    await machine.daemon.sync(null)
    return open(here).length > 0
  })
  return { ...machines, ...machine }
}

async function stateOf(repo: TempRepo): Promise<unknown> {
  const status = await ask(stateDir(repo), 'status', {})
  return status === 'no-daemon' ? status : status.state
}

test('nobody is told to commit what is staged here and changed on the remote: that would undo the change', async () => {
  const { daemon } = await stagedHere()
  const { held } = await daemon.sync(null)
  const [{ reason } = { reason: '' }] = held
  expect(reason).toMatch(/^is staged here and changed on the remote: .*conflicts resolve a\.md$/)
  expect(reason).not.toContain('commit it')
})

test('the remote does not count over an index that would undo it with the next commit', async () => {
  const { here } = await stagedHere()
  const answer = await ask(stateDir(here), 'resolve', { paths: [pathBytes('a.md')], side: 'theirs' })
  expect(answer).toMatchObject({
    kind: 'refused',
    problem: 'a.md is staged',
    hint: 'give it back first: git restore --staged a.md',
  })
  expect(open(here)).toEqual(['a.md'])
})

test('who commits over what the remote had has settled nothing, and can still have it back', async () => {
  const { daemon, here, remote, told } = await stagedHere()
  here.git('commit', '-q', '-m', 'mine')
  await daemon.sync(null)
  await until('it is told', () =>
    told.some((line) => line.includes('a.md was committed here over what the remote had')),
  )
  expect(open(here)).toEqual(['a.md'])
  await until('the state', async () => (await stateOf(here)) === 'conflict')
  const answer = await ask(stateDir(here), 'resolve', { paths: [pathBytes('a.md')], side: 'theirs' })
  expect(answer).toMatchObject({ kind: 'resolved' })
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('theirs\n')
  await until('it is on the remote again', () => remote.show('main:a.md') === 'theirs\n')
  expect(open(here)).toEqual([])
})

test('a commit over what the remote had is still open after a restart', async () => {
  const { here, stop } = await stagedHere()
  await stop()
  here.git('commit', '-q', '-m', 'mine')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  await until('the state', async () => (await stateOf(here)) === 'conflict')
})

test('what is given back as the remote has it is settled', async () => {
  const { here, daemon } = await stagedHere()
  here.git('checkout', '-q', 'HEAD', '--', 'a.md')
  await until('it is settled', async () => {
    await daemon.sync(null)
    return open(here).length === 0
  })
  await until('the state', async () => (await stateOf(here)) === 'idle')
})
