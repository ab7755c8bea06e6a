import { afterEach, expect, test } from 'vitest'
import { systemDisk } from '../../src/git/disk.ts'
import type { Disk } from '../../src/git/disk.ts'
import type { GitEngine, JournalEntry } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

/** Our commit is on the branch; the process ended before the index followed. */
function crashBeforeIndex(): JournalEntry {
  repo = makeRepo({ ours: '1\n', other: '1\n' })
  const base = repo.git('rev-parse', 'HEAD')
  repo.write('ours', '2\n')
  repo.git('commit', '-q', '-a', '-m', 'ours')
  repo.git('read-tree', base)
  return { id: 'one', ref: 'refs/heads/main', base, commit: repo.git('rev-parse', 'HEAD'), paths: [pathBytes('ours')] }
}

/** None of them takes the index's lock. */
const newBranches = ['switch -q -c new', 'checkout -q -b new', 'branch -m new']

eachEngine(() => {
  test.each(newBranches)('after a crash the index follows our commit to the branch of git %s', async (command) => {
    const entry = crashBeforeIndex()
    const journal = memoryJournal()
    journal.entry = entry
    repo.git(...command.split(' '))
    engine = await openEngine(repo)
    const committed = { oid: entry.commit, paths: entry.paths }
    expect(await engine.recover(entry, journal)).toEqual({ committed, failure: null })
    expect(journal.entry).toBeNull()
    expect(repo.git('status', '--porcelain')).toBe('')
    expect(repo.show('HEAD:ours')).toBe('2\n')
  })

  test('after a crash the index of a branch that lacks our commit is left as it is', async () => {
    const entry = crashBeforeIndex()
    const journal = memoryJournal()
    repo.git('reset', '-q')
    repo.git('switch', '-q', '-c', 'older', entry.base ?? '')
    repo.git('commit', '-q', '--allow-empty', '-m', 'theirs')
    const before = repo.git('ls-files', '--stage')
    engine = await openEngine(repo)
    expect(await engine.recover(entry, journal)).toMatchObject({ committed: { oid: entry.commit }, failure: null })
    expect(repo.git('ls-files', '--stage')).toBe(before)
  })

  test('a branch that is made while our commit settles finds nothing staged', async () => {
    repo = makeRepo({ ours: '1\n', other: '1\n' })
    const base = repo.git('rev-parse', 'HEAD')
    const disk: Disk = {
      ...systemDisk,
      read: (path) => {
        const isMoved = String(path).endsWith('/HEAD') && repo.git('rev-parse', 'main') !== base
        if (isMoved && repo.git('branch', '--list', 'new') === '') repo.git('switch', '-q', '-c', 'new')
        return systemDisk.read(path)
      },
    }
    engine = await openEngine(repo, { disk })
    repo.write('ours', '2\n')
    expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
    expect(await engine.settled()).toBeNull()
    expect(await engine.head()).toMatchObject({ ref: 'refs/heads/new' })
    expect(repo.git('status', '--porcelain')).toBe('')
    repo.write('other', '2\n')
    expect(await commitPaths(engine, ['other'])).toMatchObject({ kind: 'committed' })
  })
})
