import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '1\n' })
  repo.git('switch', '-q', '-c', 'side')
  repo.write('f', 'side\n')
  repo.git('commit', '-q', '-am', 'side')
  repo.git('switch', '-q', 'main')
  repo.write('f', 'main\n')
  repo.git('commit', '-q', '-am', 'main')
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const names = async () => (await engine.pauses()).map(({ name }) => name)

test('a rebase, a cherry-pick, a revert and a bisect stop commits until they are over', async () => {
  expect(await names()).toEqual([])
  expect(() => repo.git('rebase', 'side')).toThrow()
  expect(await names()).toEqual(['rebase-in-progress', 'detached-head', 'unmerged'])
  repo.git('rebase', '--abort')
  expect(await names()).toEqual([])
  expect(() => repo.git('cherry-pick', 'side')).toThrow()
  expect(await names()).toEqual(['cherry-pick-in-progress', 'unmerged'])
  repo.git('cherry-pick', '--abort')
  repo.git('revert', '--no-commit', 'HEAD')
  expect(await names()).toEqual(['revert-in-progress'])
  repo.git('revert', '--abort')
  repo.git('bisect', 'start')
  expect(await names()).toEqual(['bisect-in-progress'])
  repo.git('bisect', 'reset')
  expect(await names()).toEqual([])
})

test('a detached HEAD is a pause that says how to end it', async () => {
  repo.git('switch', '-q', '--detach')
  expect(await engine.head()).toEqual({ ref: null, oid: repo.git('rev-parse', 'HEAD') })
  const [pause] = await engine.pauses()
  expect(pause).toMatchObject({ name: 'detached-head', stops: 'commit' })
  expect(pause?.detail).toContain('git switch')
})

test('unmerged entries without an operation are a pause too', async () => {
  repo.git('switch', '-q', '-c', 'third', 'main~1')
  repo.write('f', 'third\n')
  repo.git('stash', '-q')
  repo.git('switch', '-q', 'main')
  expect(() => repo.git('stash', 'pop')).toThrow()
  expect(await names()).toEqual(['unmerged'])
})
