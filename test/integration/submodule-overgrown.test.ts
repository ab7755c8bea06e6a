import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { loadConfig } from '../../src/config/config.ts'
import { createDryJudge } from '../../src/daemon/daemon.ts'
import { pathBytes } from '../../src/types.ts'
import { startHere } from '../support/daemon-here.ts'
import { openEngine } from '../support/open-engine.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'

vi.setConfig({ testTimeout: 60_000 })

function withSubmodule(): TempRepo {
  const inner = makeRepo({ 'b.md': 'b\n' })
  const repo = makeRepo({ 'a.md': 'a\n' })
  for (const one of [inner, repo]) onTestFinished(() => one.dispose())
  addRemote(repo)
  repo.git('-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', inner.root, 'sm')
  repo.git('commit', '-q', '-m', 'submodule')
  repo.git('push', '-q')
  return repo
}

async function heldAtOneLook(repo: TempRepo): Promise<readonly string[]> {
  const { daemon, stop } = await startHere(repo)
  const { held } = await daemon.sync(null)
  await stop()
  return held.map(({ path, reason }) => `${path} ${reason.split(':')[0]}`)
}

async function asked(repo: TempRepo, path: string): Promise<string> {
  const engine = await openEngine(repo, { readOnly: true })
  const loaded = await loadConfig({ workspace: repo.root, home: '/nonexistent', env: {}, sets: [] })
  const { verdict } = await (await createDryJudge(engine, loaded)).judge(pathBytes(path))
  await engine.close()
  return verdict.decision
}

const told = 'sm is a submodule, and something else lies in its place'

test('a submodule that is as it was, was never checked out or is gone needs no word', async () => {
  const repo = withSubmodule()
  expect(await heldAtOneLook(repo)).toEqual([])
  rmSync(join(repo.root, 'sm'), { recursive: true })
  expect(await heldAtOneLook(repo)).toEqual([])
  mkdirSync(join(repo.root, 'sm'))
  expect(await heldAtOneLook(repo)).toEqual([])
})

test('a file in the place of a submodule is held and told, until it is out of the way', async () => {
  const repo = withSubmodule()
  const beside = join(repo.root, '..', 'sm')
  renameSync(join(repo.root, 'sm'), beside)
  repo.write('sm', 'my work\n')
  expect([await heldAtOneLook(repo), await asked(repo, 'sm')]).toEqual([[told], 'hold'])
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  expect((await daemon.sync([pathBytes('sm')])).held).toHaveLength(1)
  rmSync(join(repo.root, 'sm'))
  renameSync(beside, join(repo.root, 'sm'))
  expect((await daemon.sync(null)).held).toEqual([])
})

test('files in a submodule that is no repository any more are held and told', async () => {
  const repo = withSubmodule()
  rmSync(join(repo.root, 'sm', '.git'))
  repo.write('sm/mine.md', 'my work\n')
  expect(await heldAtOneLook(repo)).toEqual([told])
  expect([await asked(repo, 'sm/mine.md'), await asked(repo, 'a.md')]).toEqual(['hold', 'sync'])
})
