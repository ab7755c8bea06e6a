import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engines: readonly GitEngine[]

beforeEach(async () => {
  repo = makeRepo({ 'e/tracked': '1\n', 'e/same': '1\n', f: '1\n' })
  engines = [await openEngine(repo), await openEngine(repo, { engine: 'embedded' })]
})

afterEach(async () => {
  for (const engine of engines) await engine.close()
  repo.dispose()
})

async function expectBoth(paths: readonly string[]): Promise<void> {
  for (const engine of engines) expect([...(await engine.changedPaths())].toSorted(), engine.name).toEqual(paths)
}

test('what is tracked here is ours and committed, also where a repository begins to lie beside it', async () => {
  repo.git('init', '-q', 'e')
  await expectBoth([])
  repo.write('e/tracked', '2\n')
  await expectBoth(['e/tracked'])
  const [, embedded] = engines
  const outcome = embedded === undefined ? null : await commitPaths(embedded, ['e/tracked'])
  expect(outcome).toMatchObject({ kind: 'committed', paths: ['e/tracked'] })
  expect(repo.show('HEAD:e/tracked')).toBe('2\n')
})

test('a .git that is no repository is passed over, and what lies beside it is not', async () => {
  for (const name of ['empty', 'lead', 'other']) mkdirSync(join(repo.root, name))
  mkdirSync(join(repo.root, 'empty/.git'))
  writeFileSync(join(repo.root, 'lead/.git'), 'gitdir: ../nowhere\n')
  writeFileSync(join(repo.root, 'other/.git'), 'no lead\n')
  repo.git('init', '-q', 'real')
  const paths = ['empty/f', 'lead/f', 'other/f']
  for (const path of [...paths, 'real/f']) repo.write(path, '1\n')
  await expectBoth(paths)
  const [, embedded] = engines
  const outcome = embedded === undefined ? null : await commitPaths(embedded, paths)
  expect(outcome).toMatchObject({ kind: 'committed', paths })
})
