import { execFileSync } from 'node:child_process'
import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { expectShape } from '../support/json-shape.ts'
import { cliPlace } from '../support/run-cli.ts'
import { runGit } from '../support/temp-repo.ts'

test('init checks the work tree, agrees to the first sync and names the next command', async () => {
  const place = cliPlace()
  runGit(place.root, ['init', '-q', '-b', 'main'])
  writeFileSync(join(place.root, 'a.md'), 'a')
  const { code, out, err } = await place.run(['init'])
  expect([code, err]).toEqual([0, ''])
  expect(out).toContain(`workspace: ${place.root}, branch main\n`)
  expect(out).toContain('1 path differs from the last commit')
  expect(out).toContain('git push -u origin main')
  expect(out.trimEnd().split('\n').at(-1)).toBe('next: workspace-sync start')
  const stateDir = join(place.root, '.git', 'workspace-sync')
  expect(statSync(stateDir).mode & 0o777).toBe(0o700)
  expect(JSON.parse(readFileSync(join(stateDir, 'state.json'), 'utf8'))).toMatchObject({ firstSync: true })
  expect(runGit(place.root, ['status', '--porcelain']).toString()).toBe('?? a.md\n')
})

test('init twice is as good as once, and keeps the identity of the clone', async () => {
  const place = cliPlace()
  runGit(place.root, ['init', '-q', '-b', 'main'])
  const state = (): unknown => JSON.parse(readFileSync(join(place.root, '.git/workspace-sync/state.json'), 'utf8'))
  await place.run(['init'])
  const first = state()
  const answer = await place.run(['init', '--json'])
  expect(answer.code).toBe(0)
  expectShape('init', JSON.parse(answer.out))
  expect(state()).toEqual(first)
})

test('init refuses a bare repository and a plain directory with what to do', async () => {
  const place = cliPlace()
  const plain = await place.run(['init'])
  expect([plain.code, plain.err.split('\n').length]).toEqual([2, 3])
  execFileSync('git', ['init', '-q', '--bare', place.root])
  const bare = await place.run(['init'])
  expect(bare.code).toBe(2)
  expect(bare.err).toContain('bare repository')
})
