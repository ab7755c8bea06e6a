import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine, type Machine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

/** As encryption does that nobody made repeatable: other bytes each time, and back to the same text. */
function salt(repo: TempRepo): void {
  repo.git('config', 'filter.salted.clean', 'od -An -N8 -tx1 /dev/urandom; cat')
  repo.git('config', 'filter.salted.smudge', 'tail -n +2')
  repo.git('config', 'filter.salted.required', 'true')
}

test('a filter that stores other bytes each time makes one commit of a change, here and where it is pulled', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', '.gitattributes': '*.key filter=salted\n' })
  const commits = (): string => remote.git('rev-list', '--count', 'main')
  const machines: Machine[] = []
  for (const repo of [here, there]) {
    salt(repo)
    machines.push(await startMachine(repo))
  }
  const everybodyLooks = async (): Promise<void> => {
    for (const { daemon } of machines) expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  }
  here.write('x.key', 'text\n')
  await everybodyLooks()
  await until('the file over there', () => existsSync(join(there.root, 'x.key')))
  const decisions = (): number =>
    machines.flatMap(({ told }) => told).filter((line) => line.includes('sync x.key')).length
  const before = decisions()
  for (let round = 0; round < 3; round++) await everybodyLooks()
  expect([commits(), decisions()]).toEqual(['2', before])
  expect(before).toBeGreaterThan(0)
  expect(readFileSync(join(there.root, 'x.key'), 'utf8')).toBe('text\n')

  there.write('x.key', 'other text\n')
  await everybodyLooks()
  await until('the change over here', () => readFileSync(join(here.root, 'x.key'), 'utf8') === 'other text\n')
  for (let round = 0; round < 3; round++) await everybodyLooks()
  expect(commits()).toBe('3')
})

test('what is staged here stays staged and is told, also where the file itself lies as it was committed', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'ours\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  here.git('rm', '-q', '--cached', 'a.md')
  pushFrom(there, { 'a.md': 'theirs\n', 'b.md': 'B\n' })
  await until('the other file', () => readFileSync(join(here.root, 'b.md'), 'utf8') === 'B\n')
  expect(readFileSync(join(here.root, 'a.md'), 'utf8')).toBe('ours\n')
  await until('it is told', () => told.some((line) => line.includes('is staged here and changed on the remote')))
})
