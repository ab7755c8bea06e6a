import { existsSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { readState } from '../../src/daemon/state-file.ts'
import { resolveAtRest } from '../../src/daemon/resolve-at-rest.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machine, type Machines } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null
const stateDirOf = ({ root }: TempRepo): string => join(root, '.git', 'workspace-sync')

/** private.md is not ignored any more; it stays here until somebody says otherwise. */
async function keepsBack({ here, remote }: Machines, { daemon, told }: Machine): Promise<void> {
  here.write('b.md', 'b\n')
  await daemon.sync(null)
  const isHeld = (line: string): boolean => line.startsWith('held private.md: was ignored here until a pull')
  await until('it is held', () => told.some(isHeld))
  await until('the rest', () => remote.git('ls-tree', '--name-only', 'main').includes('b.md'))
  expect(here.git('status', '--short')).toBe('?? private.md')
  expect(remote.git('ls-tree', '--name-only', 'main')).not.toContain('private.md')
}

test('the user’s file of ignore rules lies in the work tree: what a pull of it exposes is held', async () => {
  const machines = makeMachines({ 'a.md': 'a\n', 'dot/ignored': 'private.md\n' })
  const { here, there } = machines
  here.git('config', 'core.excludesFile', 'dot/ignored')
  here.write('private.md', 'mine\n')
  const machine = await startMachine(here)
  await machine.daemon.sync(null)
  pushFrom(there, { 'dot/ignored': 'other.md\n' })
  await until('the rules', () => read(here.root, 'dot/ignored') === 'other.md\n')
  await keepsBack(machines, machine)
})

test('the repository’s own file of ignore rules is a link into the work tree: what a pull exposes is held', async () => {
  const machines = makeMachines({ 'a.md': 'a\n', 'dot/ignored': 'private.md\n' })
  const { here, there } = machines
  rmSync(join(here.root, '.git', 'info', 'exclude'), { force: true })
  symlinkSync('../../dot/ignored', join(here.root, '.git', 'info', 'exclude'))
  here.write('private.md', 'mine\n')
  const machine = await startMachine(here)
  await machine.daemon.sync(null)
  pushFrom(there, { 'dot/ignored': 'other.md\n' })
  await until('the rules', () => read(here.root, 'dot/ignored') === 'other.md\n')
  await keepsBack(machines, machine)
})

async function withRulesApart({ here, there }: Machines): Promise<Machine> {
  here.write('private.md', 'mine\n')
  const started = await startMachine(here)
  await started.daemon.sync(null)
  here.write('.gitignore', 'private.md\n*.tmp\n')
  here.git('add', '.gitignore')
  pushFrom(there, { '.gitignore': '*.tmp\n' })
  await until('it is left here', async () => {
    await started.daemon.sync(null)
    return (readState(stateDirOf(here))?.diverged ?? []).length > 0
  })
  here.git('reset', '-q')
  return started
}

test('the remote’s ignore rules are chosen for ours: what they expose is held', async () => {
  const machines = makeMachines({ 'a.md': 'a\n', '.gitignore': 'private.md\n' })
  const { here } = machines
  const machine = await withRulesApart(machines)
  await ask(stateDirOf(here), 'resolve', { paths: [pathBytes('.gitignore')], side: 'theirs' })
  expect(read(here.root, '.gitignore')).toBe('*.tmp\n')
  await keepsBack(machines, machine)
})

test('the same while no daemon runs', async () => {
  const machines = makeMachines({ 'a.md': 'a\n', '.gitignore': 'private.md\n' })
  const { here } = machines
  const { stop } = await withRulesApart(machines)
  await stop()
  await resolveAtRest(await openEngine(here), { branches: null }, systemClock, [pathBytes('.gitignore')], 'theirs')
  expect(read(here.root, '.gitignore')).toBe('*.tmp\n')
  await keepsBack(machines, await startMachine(here))
})

test('configuration that comes with a pull names other rules: what that exposes is held after the ack, too', async () => {
  const config = '[core]\n\texcludesFile = dot/ignored\n'
  const machines = makeMachines({ 'a.md': 'a\n', 'dot/ignored': 'private.md\n', 'dot/config': config })
  const { here, there } = machines
  here.git('config', 'include.path', '../dot/config')
  here.write('private.md', 'mine\n')
  const machine = await startMachine(here)
  await machine.daemon.sync(null)
  pushFrom(there, { 'dot/config': '[core]\n' })
  await until('the pause', async () =>
    ((await machine.daemon.sync(null)).problem ?? '').includes('changes what git runs here'),
  )
  const oid = there.git('rev-parse', 'HEAD:dot/config')
  const word = { path: pathBytes('dot/config'), what: 'blob', oid, reason: null, atMs: Date.now() } as const
  await ask(stateDirOf(here), 'ack', { acknowledged: [word], trusted: [] })
  await until('the configuration', () => read(here.root, 'dot/config') === '[core]\n')
  await keepsBack(machines, machine)
})
