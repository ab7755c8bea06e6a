import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { stateAtRest } from '../../src/daemon/daemon.ts'
import { keptSides } from '../../src/integrate/integrate.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
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

const paths = [pathBytes('a.md')]
const kept = (repo: TempRepo): string => repo.git('for-each-ref', '--format=%(refname)', keptSides.refs)

/** Main has `theirs`, while `ours` is kept; `dev` has the file as it was. */
async function conflictOnMain(): Promise<Machines & Machine> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there } = machines
  branchDev(machines)
  pushFrom(there, { 'a.md': 'theirs\n' })
  const machine = await startMachine(here, ['branches=["main","dev"]'])
  here.write('a.md', 'ours\n')
  expect((await machine.daemon.sync(null)).problem).toBeNull()
  return { ...machines, ...machine }
}

test('a conflict is settled on the branch that it is of, and on no other', async () => {
  const { here, remote } = await conflictOnMain()
  await until('the state', async () => (await stateOf(here)) === 'conflict')
  here.git('switch', '-q', 'dev')
  await until('there is none on dev', async () => (await stateOf(here)) === 'idle')
  const stateDir = join(here.root, '.git', 'workspace-sync')
  for (const side of ['ours', 'theirs', 'file'] as const) {
    const answer = await ask(stateDir, 'resolve', { paths, side })
    expect(answer).toMatchObject({ kind: 'refused', hint: 'settle it there: git switch main' })
  }
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('a\n')
  expect(kept(here)).not.toBe('')
  here.git('switch', '-q', 'main')
  await until('the state', async () => (await stateOf(here)) === 'conflict')
  expect(await ask(stateDir, 'resolve', { paths, side: 'ours' })).toMatchObject({ kind: 'resolved' })
  await until('our side on the remote', () => remote.show('main:a.md') === 'ours\n')
  expect(remote.show('dev:a.md')).toBe('a\n')
})

test('another work tree of the same repository settles only what is of its branch', async () => {
  const { here, stop } = await conflictOnMain()
  await stop()
  const linked = openRepoAt(join(here.root, '..', 'linked'))
  here.git('worktree', 'add', '-q', linked.root, 'dev')
  const engine = await openEngine(linked)
  onTestFinished(() => engine.close())
  const answer = await stateAtRest.resolve(engine, { branches: ['main', 'dev'] }, systemClock, paths, 'ours')
  expect(answer).toMatchObject({ kind: 'refused' })
  expect(kept(here)).not.toBe('')
})

test('what is kept of a branch that is gone can be settled on any', async () => {
  const { here, remote, stop } = await conflictOnMain()
  await stop()
  here.git('switch', '-q', 'dev')
  here.git('branch', '-q', '-D', 'main')
  here.git('update-ref', '-d', 'refs/remotes/origin/main')
  remote.git('symbolic-ref', 'HEAD', 'refs/heads/dev')
  remote.git('branch', '-q', '-D', 'main')
  const engine = await openEngine(here)
  onTestFinished(() => engine.close())
  const answer = await stateAtRest.resolve(engine, { branches: ['dev'] }, systemClock, paths, 'ours')
  expect(answer).toMatchObject({ kind: 'resolved' })
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('ours\n')
})

const [main, dev] = ['refs/heads/main', 'refs/heads/dev'] as const

test.each([
  { how: 'of two branches', one: ['a.md', main], other: ['a.md', dev] },
  { how: 'at a file and below it', one: ['x', main], other: ['x/y', main] },
] as const)('the same bytes $how are two conflicts', async ({ one, other }) => {
  const places = [one, other]
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  const head = repo.git('rev-parse', 'HEAD')
  const side = { mode: '100644', oid: repo.git('rev-parse', 'HEAD:a.md') } as const
  for (const [path, branch] of places) {
    const keeper = { cloneId: 'c', branch, head, tip: head }
    expect(await keptSides.keep(engine, keeper, [{ path: pathBytes(path), kept: side, taken: null }])).toBeNull()
  }
  const found = (await keptSides.all(engine, 'c')).map(({ path, branch }) => `${path} ${branch}`)
  expect(found.toSorted()).toEqual(places.map((place) => place.join(' ')).toSorted())
})
