import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { stateAtRest } from '../../src/daemon/daemon.ts'
import { pathBytes } from '../../src/types.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import {
  branchDev,
  makeMachines,
  pushFrom,
  startMachine,
  stateOf,
  type Machine,
  type Machines,
} from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const stateDir = (repo: TempRepo): string => join(repo.root, '.git', 'workspace-sync')
const open = (repo: TempRepo): readonly string[] =>
  (stateAtRest.read(stateDir(repo))?.diverged ?? []).map(({ path, ref }) => `${path} ${ref}`)

/** `a.md` was staged on main from before the remote's change to it. */
async function stagedOnMain(): Promise<Machines & Machine> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there } = machines
  branchDev(machines)
  const machine = await startMachine(here, ['branches=["main","dev","new"]'])
  here.write('a.md', 'staged on main\n')
  here.git('add', 'a.md')
  pushFrom(there, { 'a.md': 'theirs\n' })
  await until('the remote is in', async () => {
    await machine.daemon.sync(null)
    return open(here).length > 0
  })
  expect(open(here)).toEqual(['a.md refs/heads/main'])
  return { ...machines, ...machine }
}

test('what is older than one branch is an edit like any on another, and is no conflict there', async () => {
  const { here, remote, daemon, told } = await stagedOnMain()
  here.git('stash', '-q')
  here.git('switch', '-q', 'dev')
  await daemon.sync(null)
  await until('the state', async () => (await stateOf(here)) === 'idle')
  here.write('a.md', 'a new edit on dev\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('dev:a.md')).toBe('a new edit on dev\n')
  expect(told.filter((line) => line.includes('was committed here over'))).toEqual([])
  const answer = await ask(stateDir(here), 'resolve', { paths: [pathBytes('a.md')], side: 'theirs' })
  expect(answer).toMatchObject({ kind: 'refused', hint: 'settle it there: git switch main' })
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('a new edit on dev\n')
  expect(open(here)).toEqual(['a.md refs/heads/main'])
})

test('an older file that came along to a new branch is held there as well, and is settled there', async () => {
  const { here, daemon } = await stagedOnMain()
  here.git('switch', '-q', '-c', 'new')
  here.git('restore', '--staged', 'a.md')
  here.write('b.md', 'b\n')
  await until('another file is committed', async () => {
    await daemon.sync(null)
    return here.git('log', '-1', '--format=%s').includes('b.md')
  })
  expect(here.show('HEAD:a.md')).toBe('theirs\n')
  const answer = await ask(stateDir(here), 'resolve', { paths: [pathBytes('a.md')], side: 'theirs' })
  expect(answer).toMatchObject({ kind: 'resolved' })
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('theirs\n')
  expect(open(here)).toEqual([])
})
