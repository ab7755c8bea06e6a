import { lstatSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test('where the file system keeps no links, a file with the text of one stays a link for everybody', async () => {
  const { here, there, remote } = makeMachines({ 'a.txt': 'a\n' })
  for (const name of ['one', 'two']) symlinkSync('a.txt', join(there.root, name))
  pushFrom(there, {})
  here.git('config', 'core.symlinks', 'false')
  const { daemon } = await startMachine(here)
  const kind = (name: string): string =>
    `${lstatSync(join(here.root, name)).isFile()} ${readFileSync(join(here.root, name), 'utf8')}`
  await until('both here', () => here.git('ls-files') === 'a.txt\none\ntwo')
  expect([kind('one'), kind('two')]).toEqual(['true a.txt', 'true a.txt'])
  here.write('one', 'b/c.txt')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(
    remote
      .git('ls-tree', 'main', 'one', 'two')
      .split('\n')
      .map((line) => line.slice(0, 6)),
  ).toEqual(['120000', '120000'])
  expect(remote.show('main:one')).toBe('b/c.txt')
  pushFrom(there, { 'b.txt': 'b\n' })
  await until('the other change', () => here.git('ls-files', 'b.txt') !== '')
  expect(here.git('status', '--porcelain')).toBe('')
})
