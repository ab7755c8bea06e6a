import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '1\n' })
  repo.git('config', 'i18n.commitEncoding', 'ISO-8859-1')
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const subjectOf = (commit: string): string =>
  repo.git('-c', 'i18n.logOutputEncoding=UTF-8', 'log', '-1', '--format=%s', commit)

test('where a user’s commits have another encoding, ours are read as they were written', async () => {
  repo.write('f', '2\n')
  await commitPaths(engine, ['f'], { message: 'edit ä\n' })
  expect(subjectOf('HEAD')).toBe('edit ä')
})

test('where a user’s commits have another encoding, our merges are read as they were written', async () => {
  const { oid } = await engine.head()
  const tree = repo.git('rev-parse', 'HEAD^{tree}')
  const made = await engine.merging.commit({ tree, parents: [oid ?? ''], message: 'merge ä\n', author: null })
  expect(subjectOf('oid' in made ? made.oid : '')).toBe('merge ä')
})
