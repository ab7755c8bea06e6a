/** What nobody has asked the remote about is never said to be there. */
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { statusReport, type StatusReport } from '../../src/cli/status-report.ts'
import { ask } from '../../src/control/control.ts'
import { openRepoAt } from '../support/temp-repo.ts'
import { makeMachines, startMachine, type Machine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

async function statusOf({ repo }: Machine): Promise<StatusReport> {
  const status = await ask(join(repo.root, '.git', 'workspace-sync'), 'status', {})
  if (status === 'no-daemon') throw new Error('the daemon answers')
  return statusReport(status, Date.now(), String)
}

async function inSync(sets: readonly string[] = []): Promise<Machine> {
  const { here } = makeMachines({ 'a.md': 'a\n' })
  const machine = await startMachine(here, sets)
  await until('it is in sync', async () => (await statusOf(machine)).inSync)
  return machine
}

test.each([
  ['a detached HEAD', 'detached-head', ['checkout', '-q', '--detach']],
  ['a branch that is not synced', 'branch-not-listed', ['checkout', '-q', '-b', 'feature']],
])('%s whose commits are only here is not in sync', async (_, reason, checkout) => {
  const machine = await inSync()
  const { repo } = machine
  repo.git(...checkout)
  repo.write('a.md', 'b\n')
  repo.git('commit', '-q', '-a', '-m', 'only here')
  await until('it is told', async () => (await statusOf(machine)).reason?.startsWith(reason) === true)
  // Long enough for a look at the remote, had there been one.
  await expect(until('it is in sync', async () => (await statusOf(machine)).inSync, 1_000)).rejects.toThrow('in sync')
  repo.git('checkout', '-q', 'main')
  await until('it is in sync again', async () => (await statusOf(machine)).inSync)
})

test('a remote that was never asked is not what was seen of the one before', async () => {
  const machine = await inSync(['pull.interval=1h'])
  const { repo } = machine
  const another = openRepoAt(join(repo.root, '..', 'another.git'))
  repo.git('init', '-q', '--bare', '-b', 'main', another.root)
  repo.git('remote', 'set-url', 'origin', another.root)
  await until('it is filled', () => another.git('for-each-ref', 'refs/heads') !== '', 10_000)
  await until('it is in sync', async () => (await statusOf(machine)).inSync)
  repo.git('config', 'branch.main.merge', 'refs/heads/other')
  await until('it is told', async () => (await statusOf(machine)).reason?.startsWith('push-elsewhere') === true)
  expect((await statusOf(machine)).inSync).toBe(false)
})

test('a branch with a slash in its name that is moved behind our back is noticed', async () => {
  const machine = await inSync(['pull.interval=1h', 'branches=["main","team/a/main"]'])
  const { repo } = machine
  repo.git('checkout', '-q', '-b', 'team/a/main')
  repo.git('push', '-q', '-u', 'origin', 'team/a/main')
  await until('it is in sync', async () => {
    const status = await statusOf(machine)
    return status.inSync && status.branch === 'team/a/main'
  })
  // Whatever the daemon still has to look at would show it the moved branch, too.
  await until('it has looked at everything', () =>
    machine.told.some((line) => line.startsWith('reconciled (HEAD moved)')),
  )
  await until('it rests', async () => (await statusOf(machine)).state === 'idle')
  const oid = repo.git('commit-tree', '-p', 'HEAD', '-m', 'moved', 'HEAD^{tree}')
  repo.git('update-ref', 'refs/heads/team/a/main', oid)
  const pushed = (): string => repo.git('ls-remote', 'origin', 'refs/heads/team/a/main').slice(0, oid.length)
  await until('it is pushed', () => pushed() === oid, 10_000)
})
