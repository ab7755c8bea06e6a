import { readFileSync, unlinkSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, entriesOf, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const lines = (...changed: readonly string[]) => `${[...changed, ...Array(20).fill('same'), 'end'].join('\n')}\n`

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ edited: lines('1'), partly: lines('1'), removed: 'x\n', ours: 'old\n' })
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

/** Staged: an edit, half of an edit, a new file, a deletion, an intention to add. */
function stageEverything(): void {
  repo.write('edited', lines('2'))
  repo.git('add', 'edited')
  repo.write('partly', lines('2'))
  repo.git('add', 'partly')
  repo.write('partly', `${lines('2')}not staged\n`)
  repo.write('new', 'n\n')
  repo.git('add', 'new')
  repo.git('rm', '-q', 'removed')
  repo.write('intended', 'i\n')
  repo.git('add', '-N', 'intended')
}

const staged = () => repo.git('ls-files', '--stage', '-v', '--', ':!ours')
const diffs = () => [repo.git('diff', '--cached'), repo.git('diff', '--', ':!ours')].join('\n')

eachEngine(() => {
  test('whatever is staged stays staged to the byte, and is not committed', async () => {
    stageEverything()
    const before = [staged(), diffs()]
    repo.write('ours', 'new\n')
    expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed', paths: ['ours'] })
    expect([staged(), diffs()]).toEqual(before)
    expect(repo.git('show', '--format=', '--name-only', 'HEAD')).toBe('ours')
    // Before anything that fills in what it finds missing, as git status does.
    expect(repo.git('diff-files', '--name-only', '--', 'ours')).toBe('')
    expect(repo.git('status', '--porcelain', 'ours')).toBe('')
  })

  test('what is staged is told path by path, an intention to add is not', async () => {
    stageEverything()
    const { oid } = await engine.head()
    const names = ['edited', 'partly', 'new', 'removed', 'intended', 'ours', 'nowhere'].map((name) => pathBytes(name))
    const found = await engine.staging(oid, names)
    expect([...found.keys()].toSorted()).toEqual(['edited', 'new', 'partly', 'removed'])
    expect(new Set(found.values())).toEqual(new Set(['staged']))
  })

  test('a path staged between evidence and commit is looked at again, and its staging is left alone', async () => {
    repo.write('ours', 'ours\n')
    const head = await engine.head()
    const entries = await entriesOf(engine, [pathBytes('ours')], 'file')
    repo.write('ours', 'staged by hand\n')
    repo.git('add', 'ours')
    repo.write('ours', 'ours\n')
    const plan = { id: 'x', ref: 'refs/heads/main', base: head.oid, entries, message: 'm' }
    expect(await engine.commit(plan, memoryJournal())).toEqual({ kind: 'head-moved' })
    expect(repo.show('HEAD:ours')).toBe('old\n')
    expect(repo.show(':ours')).toBe('staged by hand\n')
  })

  test('a file in the place of a directory waits for what is staged below that, which stays in the index', async () => {
    repo.write('dir/one', '1\n')
    repo.git('add', 'dir')
    repo.git('commit', '-q', '-m', 'dir')
    repo.write('dir/two', '2\n')
    repo.git('add', 'dir/two')
    const { oid } = await engine.head()
    const blob = repo.gitBytes(['hash-object', '-w', '--stdin'], 'file\n').toString().trim()
    const entries = [
      { path: pathBytes('dir'), mode: '100644' as const, oid: blob },
      { path: pathBytes('dir/one'), mode: null, oid: null },
    ]
    const plan = { id: 'x', ref: 'refs/heads/main', base: oid, entries, message: 'm' }
    expect(await engine.commit(plan, memoryJournal())).toMatchObject({
      kind: 'committed',
      paths: ['dir/one'],
      leftOut: [{ path: 'dir', reason: 'waits for dir/two, which is staged: commit or unstage it' }],
    })
    await engine.settled()
    expect(repo.git('diff', '--cached', '--name-status')).toBe('A\tdir/two')
  })

  test('unmerged paths are told and pause everything', async () => {
    repo.git('switch', '-q', '-c', 'side')
    repo.write('ours', 'side\n')
    repo.git('commit', '-q', '-am', 'side')
    repo.git('switch', '-q', 'main')
    repo.write('ours', 'main\n')
    repo.git('commit', '-q', '-am', 'main')
    expect(() => repo.git('merge', 'side')).toThrow()
    const { oid } = await engine.head()
    expect(await engine.staging(oid, [pathBytes('ours')])).toEqual(new Map([['ours', 'unmerged']]))
    expect((await engine.pauses()).map(({ name }) => name)).toEqual(['merge-in-progress', 'unmerged'])
    repo.git('merge', '--abort')
    expect(await engine.pauses()).toEqual([])
  })

  test('a second commit of the same bytes is empty, and leaves no journal and no lock', async () => {
    repo.write('ours', 'new\n')
    const first = await commitPaths(engine, ['ours'])
    const journal = memoryJournal()
    expect(await commitPaths(engine, ['ours'], { journal })).toEqual({ kind: 'empty', leftOut: [] })
    expect(journal).toMatchObject({ entry: null, writes: 0 })
    expect(repo.git('rev-parse', 'HEAD')).toBe(first.kind === 'committed' ? first.oid : '')
  })

  test('a deletion staged by nobody leaves the index with the commit', async () => {
    unlinkSync(join(repo.root, 'removed'))
    expect(await commitPaths(engine, ['removed'])).toMatchObject({ kind: 'committed' })
    expect(repo.git('ls-files', 'removed')).toBe('')
    expect(repo.git('status', '--porcelain')).toBe('')
  })

  test('the reflog tells the commit and the message carries its trailers', async () => {
    repo.write('ours', 'new\n')
    await commitPaths(engine, ['ours'], { message: 'sync: edit ours\n\nWorkspace-Sync-Id: 7\n' })
    expect(repo.git('reflog', '-1', '--format=%gs')).toBe('commit: sync: edit ours')
    expect(repo.git('log', '-1', '--format=%(trailers:key=Workspace-Sync-Id,valueonly)')).toBe('7\n')
    expect(readFileSync(join(repo.root, 'ours'), 'utf8')).toBe('new\n')
  })
})
