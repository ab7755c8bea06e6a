/** A remote that is pushed to several addresses, as by `git remote set-url --add --push`. */
import { chmodSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

/** A second place that everything is pushed to, empty so far. */
function addBackup({ here, remote }: Machines, isFirst: boolean): TempRepo {
  const backup = openRepoAt(join(here.root, '..', 'backup.git'))
  here.git('init', '-q', '--bare', '-b', 'main', backup.root)
  const places = isFirst ? [backup.root, remote.root] : [remote.root, backup.root]
  for (const place of places) here.git('remote', 'set-url', '--add', '--push', 'origin', place)
  return backup
}

test.each([
  ['before', true],
  ['after', false],
])('an empty place that is named %s the remote gets all there is, and so does the remote', async (_, isFirst) => {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, remote } = machines
  const backup = addBackup(machines, isFirst)
  const { daemon } = await startMachine(here)
  here.write('a.md', 'more\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(backup.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
  expect(here.git('rev-parse', 'refs/remotes/origin/main')).toBe(here.git('rev-parse', 'HEAD'))
})

test('what others pushed to the remote gets to the other place as well', async () => {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const backup = addBackup(machines, true)
  await startMachine(machines.here)
  pushFrom(machines.there, { 'b.md': 'b\n' })
  await until('it has it', () =>
    backup.git('for-each-ref', 'refs/heads/main').startsWith(machines.there.git('rev-parse', 'HEAD')),
  )
})

test('a place that is away is named, holds nothing up, and gets everything when it is back', async () => {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here, there, remote } = machines
  const backup = addBackup(machines, false)
  const away = `${backup.root}.away`
  renameSync(backup.root, away)
  const { daemon, told } = await startMachine(here, ['retry.delays=["50ms"]', 'retry.max=200ms'])
  for (const text of ['1\n', '2\n']) {
    here.write('a.md', text)
    const { problem } = await daemon.sync(null)
    expect(problem).toContain(`not everything is on ${backup.root}`)
    expect(remote.show('main:a.md')).toBe(text)
  }
  pushFrom(there, { 'b.md': 'b\n' })
  await until('it is brought in', () => here.git('ls-tree', '--name-only', 'HEAD').includes('b.md'))
  expect(told.filter((line) => line.includes('not everything is on'))).toHaveLength(1)
  renameSync(away, backup.root)
  await until('it has it', () =>
    backup.git('for-each-ref', 'refs/heads/main').startsWith(here.git('rev-parse', 'HEAD')),
  )
  expect((await daemon.sync(null)).problem).toBeNull()
})

test('a place with commits of its own is told as that, and not as a hook that says no', async () => {
  const machines = makeMachines({ f: '0\n' })
  const { here, remote } = machines
  const backup = addBackup(machines, false)
  here.git(
    'push',
    '-q',
    backup.root,
    `${here.git('commit-tree', '-m', 'own', '-p', 'HEAD', 'HEAD^{tree}')}:refs/heads/main`,
  )
  const engine = await openEngine(here)
  here.write('f', '1\n')
  const outcome = await commitPaths(engine, ['f'])
  const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
  expect(await pushCommit(engine, 'refs/heads/main', oid, true)).toMatchObject({
    kind: 'failed',
    failure: { name: 'lagging', detail: `not everything is on ${backup.root}: it has commits of its own there` },
  })
  expect(remote.git('rev-parse', 'main')).toBe(oid)
  expect(await verifyRemote(engine, 'refs/heads/main', oid)).toMatchObject({ kind: 'view', ahead: 1, behind: 0 })
  await engine.close()
})

test('a push of which git says nothing is no hook’s doing where there is none', async () => {
  const { here } = makeMachines({ f: '0\n' })
  here.write('.git/receive-pack', '#!/bin/sh\nexit 1\n')
  chmodSync(join(here.root, '.git', 'receive-pack'), 0o755)
  const engine = await openEngine(here)
  here.git('config', 'remote.origin.receivepack', join(here.root, '.git', 'receive-pack'))
  here.write('f', '1\n')
  const outcome = await commitPaths(engine, ['f'])
  const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
  const failed = await pushCommit(engine, 'refs/heads/main', oid, true)
  expect(JSON.stringify(failed)).not.toContain('hook')
  await engine.close()
})
