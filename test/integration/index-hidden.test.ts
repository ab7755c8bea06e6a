import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

/** A commit on top of HEAD that is on no branch. */
function commitAside(change: () => void): string {
  repo.git('switch', '-q', '--detach')
  change()
  repo.git('add', '-A')
  repo.git('commit', '-q', '-m', 'aside')
  const oid = repo.git('rev-parse', 'HEAD')
  repo.git('switch', '-q', 'main')
  return oid
}

/** As an integration that has put the files in place already. */
async function advanceTo(commit: string, names: readonly string[], bring: () => void): Promise<void> {
  const base = repo.git('rev-parse', 'HEAD')
  const entry = { id: 'one', ref: 'refs/heads/main', base, commit, paths: names.map((name) => pathBytes(name)) }
  const broughtHere = () => Promise.resolve((bring(), true))
  const outcome = await engine.merging.advance({ ...entry, reason: 'test' }, memoryJournal(), broughtHere)
  expect(outcome).toEqual({ kind: 'advanced' })
}

test.each(['--assume-unchanged', '--skip-worktree'])(
  'a file that git looks away from by %s becomes a directory: the index follows, and the next commit is made',
  async (option) => {
    repo = makeRepo({ a: '1\n', other: '1\n' })
    const toDirectory = (): void => {
      rmSync(join(repo.root, 'a'))
      repo.write('a/x', '2\n')
    }
    const commit = commitAside(toDirectory)
    repo.git('update-index', option, 'a')
    engine = await openEngine(repo)
    await advanceTo(commit, ['a', 'a/x'], toDirectory)
    expect(await engine.settled()).toBeNull()
    expect(repo.git('status', '--porcelain')).toBe('')
    repo.write('other', '2\n')
    expect(await commitPaths(engine, ['other'])).toMatchObject({ kind: 'committed' })
  },
)
