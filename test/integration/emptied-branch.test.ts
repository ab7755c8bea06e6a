/** A branch that is deleted takes its reflog along, which is what else tells that commits were here. */
import { execFileSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { statusReport } from '../../src/cli/status-report.ts'
import { gitEnvironment } from '../support/temp-repo.ts'
import { makeMachines, startMachine, type Machine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const dirOf = (machine: Machine): string => join(machine.repo.root, '.git', 'workspace-sync')

async function isInSync(machine: Machine): Promise<boolean> {
  const status = await ask(dirOf(machine), 'status', {})
  return status !== 'no-daemon' && statusReport(status, Date.now(), String).inSync
}

/** Everything was shared, and then taken away here, branch and files. */
async function emptied(): Promise<Machines & { readonly machine: Machine }> {
  const machines = makeMachines({ 'a.md': 'a\n' })
  const { here } = machines
  const machine = await startMachine(here)
  here.write('a.md', 'b\n')
  expect((await machine.daemon.sync(null)).problem).toBeNull()
  await until('nobody holds the index', () => !existsSync(join(here.root, '.git', 'index.lock')))
  here.git('update-ref', '-d', 'refs/heads/main')
  here.git('rm', '-q', '-r', '-f', '--cached', '.')
  rmSync(join(here.root, 'a.md'))
  return { ...machines, machine }
}

test('a branch that was emptied here is not in sync, and comes back by what is proposed', async () => {
  const { here, remote, machine } = await emptied()
  await until('it is told', async () =>
    ((await machine.daemon.sync(null)).problem ?? '').includes('no commits any more'),
  )
  expect(await isInSync(machine)).toBe(false)
  expect(here.git('for-each-ref', 'refs/heads')).toBe('')
  const [, typed = ''] = /(git merge --ff-only \w+)/.exec((await machine.daemon.sync(null)).remedy ?? '') ?? []
  execFileSync('sh', ['-c', typed], { cwd: here.root, env: gitEnvironment, stdio: 'pipe' })
  await until('its end', async () => (await machine.daemon.sync(null)).problem === null)
  expect(here.git('rev-parse', 'main')).toBe(remote.git('rev-parse', 'main'))
  expect(await isInSync(machine)).toBe(true)
})

test.each(['by itself', 'by hand'])(
  'what begins on an emptied branch with a commit made %s brings nothing back',
  async (how) => {
    const { here, remote, machine } = await emptied()
    const before = remote.git('rev-parse', 'main')
    here.write('new.md', 'new\n')
    if (how === 'by hand') {
      here.git('add', 'new.md')
      here.git('commit', '-q', '-m', 'new')
    }
    await until('the commit', () => here.git('for-each-ref', 'refs/heads').length > 0)
    await until('it is told', async () =>
      ((await machine.daemon.sync(null)).problem ?? '').includes(before.slice(0, 10)),
    )
    expect(here.git('ls-tree', '--name-only', 'main')).toBe('new.md')
    expect(remote.git('rev-parse', 'main')).toBe(before)
    expect(await ask(dirOf(machine), 'sync', { paths: null, replaceRemote: true })).toMatchObject({ ok: true })
    expect(remote.git('ls-tree', '--name-only', 'main')).toBe('new.md')
  },
)

test('a commit that was taken out by making the branch anew does not come back', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here)
  here.write('secret.md', 'b\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  const pushed = remote.git('rev-parse', 'main')
  await until('nobody holds the index', () => !existsSync(join(here.root, '.git', 'index.lock')))
  here.git('switch', '-q', '--detach', 'HEAD~1')
  here.git('branch', '-q', '-D', 'main')
  here.git('switch', '-q', '-c', 'main')
  here.git('branch', '-q', '-u', 'origin/main')
  await until('it is told', async () => ((await daemon.sync(null)).problem ?? '').includes(pushed.slice(0, 10)))
  expect(here.git('ls-tree', '--name-only', 'HEAD')).toBe('a.md')
})
