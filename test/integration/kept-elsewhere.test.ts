import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { stateAtRest } from '../../src/daemon/daemon.ts'
import { keptSides } from '../../src/integrate/integrate.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const paths = [pathBytes('a.md')]
const kept = (repo: TempRepo): string => repo.git('for-each-ref', '--format=%(refname)', keptSides.refs)
const read = (repo: TempRepo): string => readFileSync(join(repo.root, 'a.md'), 'utf8')

/** `here` keeps `ours`, and the remote has that too. */
async function keptHere(): Promise<Machines & Machine> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  pushFrom(machines.there, { 'a.md': 'theirs\n' })
  const machine = await startMachine(machines.here)
  machines.here.write('a.md', 'ours\n')
  expect((await machine.daemon.sync(null)).problem).toBeNull()
  await until('the kept side is on the remote', () => kept(machines.remote) !== '')
  return { ...machines, ...machine }
}

/** As a daemon there does with the remote's next commit. */
const fetchRefs = (repo: TempRepo): string =>
  repo.git('fetch', '-q', '--prune', 'origin', `+${keptSides.refs}*:refs/workspace-sync/others/*`)

async function resolveThere(repo: TempRepo, side: 'ours' | 'theirs' | 'file'): Promise<unknown> {
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  return stateAtRest.resolve(engine, { branches: ['main'] }, systemClock, paths, side)
}

test.each([
  ['ours', 'ours\n'],
  ['theirs', 'theirs\n'],
] as const)('what a clone keeps that is gone can be settled by another (--%s)', async (side, text) => {
  const { here, there, remote, stop } = await keptHere()
  await stop()
  rmSync(here.root, { recursive: true })
  there.git('pull', '-q')
  fetchRefs(there)
  expect(await resolveThere(there, 'file')).toMatchObject({ kind: 'refused', hint: expect.stringMatching(/--ours or/) })
  expect(await resolveThere(there, side)).toMatchObject({ kind: 'resolved' })
  expect(read(there)).toBe(text)
  expect(kept(remote)).toBe('')
  expect(await resolveThere(there, side)).toMatchObject({ kind: 'refused', problem: 'a.md is in no conflict' })
})

test('what was settled elsewhere is settled for its owner, who is told and does not push it again', async () => {
  const { here, there, remote, daemon, told } = await keptHere()
  there.git('pull', '-q')
  fetchRefs(there)
  const ref = kept(here)
  const oid = here.git('rev-parse', ref)
  expect(await resolveThere(there, 'ours')).toMatchObject({ kind: 'resolved' })
  there.git('commit', '-q', '-a', '-m', 'settled')
  there.git('push', '-q')
  await until('it is settled here', async () => {
    await daemon.sync(null)
    return kept(here) === ''
  })
  await until('it is told', () => told.some((line) => line.includes('a.md was settled on another machine')))
  expect(here.show(`${keptSides.replacedRef(oid)}:a.md`)).toBe('ours\n')
  here.write('b.md', 'b\n')
  await daemon.sync(null)
  await until('the remote has it', () => remote.git('ls-tree', '--name-only', 'main').includes('b.md'))
  expect(kept(remote)).toBe('')
  expect(read(here)).toBe('ours\n')
})

test('what a clone kept under another id, whose state is lost, is settled there and on the remote', async () => {
  const { here, remote, stop } = await keptHere()
  await stop()
  rmSync(join(here.root, '.git', 'workspace-sync', 'state.json'))
  expect(await resolveThere(here, 'theirs')).toMatchObject({ kind: 'resolved' })
  expect([kept(here), kept(remote)]).toEqual(['', ''])
})

test('what its owner settled meanwhile is settled by nobody else', async () => {
  const { here, there, remote } = await keptHere()
  there.git('pull', '-q')
  fetchRefs(there)
  const stateDir = join(here.root, '.git', 'workspace-sync')
  expect(await ask(stateDir, 'resolve', { paths, side: 'theirs' })).toMatchObject({ kind: 'resolved' })
  await until('the remote has it no more', () => kept(remote) === '')
  expect(await resolveThere(there, 'ours')).toMatchObject({ kind: 'refused' })
  expect(read(there)).toBe('theirs\n')
})

test('another remote that has none of what is kept here has settled nothing', async () => {
  const { here, remote, daemon, told } = await keptHere()
  await until(
    'it is known',
    () => (stateAtRest.read(join(here.root, '.git', 'workspace-sync'))?.given ?? []).length > 0,
  )
  const other = join(here.root, '..', 'other.git')
  here.git('clone', '-q', '--bare', '--single-branch', remote.root, other)
  here.git('remote', 'set-url', 'origin', other)
  here.write('b.md', 'b\n')
  await until('it is there', async () => {
    await daemon.sync(null)
    return here.git('ls-remote', other, `${keptSides.refs}*`) !== ''
  })
  expect(kept(here)).not.toBe('')
  expect(told.filter((line) => line.includes('settled on another'))).toEqual([])
})

test('a remote that takes kept sides and shows them to nobody has settled nothing', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  remote.git('config', 'uploadpack.hideRefs', 'refs/workspace-sync')
  pushFrom(there, { 'a.md': 'theirs\n' })
  const first = await startMachine(here)
  here.write('a.md', 'ours\n')
  await first.daemon.sync(null)
  await until('it is there', () => kept(remote) !== '')
  await first.stop()
  const { daemon, told } = await startMachine(here)
  here.write('b.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(kept(here)).not.toBe('')
  expect(told.filter((line) => line.includes('settled on another'))).toEqual([])
})

test('a conflict that is settled without a change of files is gone from the remote as well', async () => {
  const { here, remote, daemon } = await keptHere()
  const stateDir = join(here.root, '.git', 'workspace-sync')
  expect(await ask(stateDir, 'resolve', { paths, side: 'theirs' })).toMatchObject({ kind: 'resolved' })
  expect((await daemon.sync(null)).problem).toBeNull()
  await until('the remote has it no more', () => kept(remote) === '')
})
