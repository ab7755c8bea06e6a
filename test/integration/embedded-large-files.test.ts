import { truncateSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

/** Takes space in the listing, none on the disk. */
const beyondNode = 2 ** 31 + 5

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ small: '1\n', grown: '1\n', empty: '' })
  engine = await openEngine(repo, { engine: 'embedded' })
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

function grow(path: string, sizeBytes: number): void {
  repo.write(path, '')
  truncateSync(join(repo.root, path), sizeBytes)
}

test('a file that cannot be read whole is named, and keeps no other from being committed', async () => {
  const names = ['empty', 'grown', 'new']
  for (const path of names) grow(path, beyondNode)
  repo.write('small', '2\n')
  expect(await engine.changedPaths()).toEqual(['empty', 'grown', 'new', 'small'])
  const asked = [...names, 'small'].map((path) => ({ path: pathBytes(path), kind: 'file' as const }))
  const blobs = await engine.writeBlobs(asked)
  for (const path of names)
    expect(blobs.get(pathBytes(path))).toEqual({ refused: 'needs git: it is larger than 512 MB (large-file)' })
  expect(await commitPaths(engine, ['small'])).toMatchObject({ kind: 'committed', paths: ['small'] })
})

test('one that grew in the moment in which the index was written keeps the index from nothing', async () => {
  const soonS = Date.now() / 1_000 + 60
  utimesSync(join(repo.root, 'grown'), soonS, soonS)
  repo.git('add', 'grown')
  grow('grown', beyondNode)
  repo.write('small', '2\n')
  expect(await commitPaths(engine, ['small'])).toMatchObject({ kind: 'committed' })
  expect(await engine.settled()).toBeNull()
  expect(repo.git('diff', '--cached', '--name-only')).toBe('')
})
