import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'

test('deletions are weighed together with those that another daemon committed just before', async () => {
  const names = Array.from({ length: 12 }, (_, n) => `${n}.md`)
  const repo = makeRepo(Object.fromEntries(names.map((name) => [name, `${name}\n`])))
  onTestFinished(() => repo.dispose())
  addRemote(repo)
  const remove = async (some: readonly string[]): Promise<readonly string[]> => {
    const { daemon, stop } = await startHere(repo, { sets: ['guard.massDeletionFiles=4'] })
    await daemon.sync(null)
    for (const name of some) rmSync(join(repo.root, name))
    const { held } = await daemon.sync(null)
    await stop()
    return held.map(({ path }) => path).toSorted()
  }
  expect(await remove(names.slice(0, 4))).toEqual([])
  expect(await remove(names.slice(4, 8))).toEqual(names.slice(4, 8))
})
