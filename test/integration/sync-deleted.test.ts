import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { pathBytes } from '../../src/types.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test('who asks for a deletion that is on the remote already is told that it is done', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n', 'd/b.md': 'b\n', 'c.md': 'c\n' })
  await startMachine(here)
  const sync = async (name: string): Promise<unknown> =>
    ask(join(here.root, '.git', 'workspace-sync'), 'sync', { paths: [pathBytes(name)] })
  rmSync(join(here.root, 'a.md'))
  rmSync(join(here.root, 'd'), { recursive: true })
  await until('both are gone there', () => remote.git('ls-tree', '--name-only', 'main') === 'c.md', 10_000)
  for (const name of ['a.md', 'd/b.md', 'd']) expect(await sync(name)).toMatchObject({ ok: true, problem: null })
  expect(await sync('never.md')).toMatchObject({ ok: false, remedy: 'check the name' })
})
