import { renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'

const many = (name: string, count: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`${name}/${n}.md`, `${name} ${n}\n`]))

const ways = {
  'git restore': {
    take: ({ root }: TempRepo) => rmSync(join(root, 'other'), { recursive: true }),
    giveBack: (here: TempRepo) => void here.git('restore', 'other'),
  },
  'a move': {
    take: ({ root }: TempRepo) => renameSync(join(root, 'other'), join(root, '..', 'away')),
    giveBack: ({ root }: TempRepo) => renameSync(join(root, '..', 'away'), join(root, 'other')),
  },
}

test.each(Object.entries(ways))('deletions held and taken back by %s do not count with later ones', async (_, way) => {
  const { here, remote } = makeMachines({ ...many('other', 10), ...many('b', 10), ...many('k', 30) })
  const { daemon } = await startMachine(here, ['guard.massDeletionFiles=5', 'guard.massDeletionShare=0.1'])
  way.take(here)
  expect((await daemon.sync(null)).held).toHaveLength(10)
  way.giveBack(here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  for (const n of [0, 1, 2, 3]) rmSync(join(here.root, 'b', `${n}.md`))
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.git('ls-tree', '--name-only', 'main:b').split('\n')).toHaveLength(6)
})
