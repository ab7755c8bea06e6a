import { expect, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'

test('a look at very many changes lets others in between, also when git need not be asked', async () => {
  const names = Array.from({ length: 2_000 }, (_, at) => `d${at % 20}/f${at}.md`)
  const repo = makeRepo(Object.fromEntries(names.map((name) => [name, 'old\n'])))
  addRemote(repo)
  const here = await startHere(repo, { sets: ['debounce.code=1h'] })
  const seen = { told: here.told.length, most: 0, isOver: false }
  const turn = (): void => {
    seen.most = Math.max(seen.most, here.told.length - seen.told)
    seen.told = here.told.length
    if (!seen.isOver) setImmediate(turn)
  }
  turn()
  for (const name of names) repo.write(name, 'new\n')
  const { ok } = await here.daemon.sync(null)
  seen.isOver = true
  await here.stop()
  expect([ok, repo.git('status', '--porcelain')]).toEqual([true, ''])
  expect(here.told.length).toBeGreaterThan(2_000)
  expect(seen.most).toBeLessThan(200)
})
