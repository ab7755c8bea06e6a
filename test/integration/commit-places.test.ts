import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import { addRemote, makeRepo, openRepoAt } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const files = { 'docs/a.md': 'a\n', b: 'b\n' }

async function editAndCommit(): Promise<void> {
  repo.write('docs/a.md', 'changed\n')
  repo.write('docs/new.md', 'new\n')
  repo.write('staged', 'by the user\n')
  repo.git('add', 'staged')
  expect(await commitPaths(engine, ['docs/a.md', 'docs/new.md'])).toMatchObject({ kind: 'committed' })
  expect(repo.show('HEAD:docs/new.md')).toBe('new\n')
  expect(repo.git('status', '--porcelain')).toBe('A  staged')
  repo.git('fsck', '--strict')
}

eachEngine(() => {
  test('a directory name with a newline and quotes is found', async () => {
    const made = makeRepo()
    const odd = join(dirname(made.root), 'odd\n"name"')
    made.git('init', '-q', '-b', 'main', odd)
    repo = openRepoAt(odd, () => made.dispose())
    engine = await openEngine(repo)
    expect(engine.repository.root).toBe(odd)
    repo.write('docs/a.md', 'a\n')
    expect(await commitPaths(engine, ['docs/a.md'])).toMatchObject({ kind: 'committed' })
  })

  test('an index that was deleted counts as everything staged away, and a new file can still be committed', async () => {
    repo = makeRepo(files)
    engine = await openEngine(repo)
    rmSync(join(repo.root, '.git', 'index'))
    writeFileSync(join(repo.root, 'b'), 'changed\n')
    expect(await commitPaths(engine, ['b'])).toEqual({ kind: 'head-moved' })
    expect(existsSync(join(repo.root, '.git', 'index'))).toBe(false)
    repo.write('new', 'n\n')
    expect(await commitPaths(engine, ['new'])).toMatchObject({ kind: 'committed', paths: ['new'] })
    expect(repo.git('show', '--format=', '--name-status', 'HEAD')).toBe('A\tnew')
  })
})

test('the first commit of an unborn branch, without an index, goes to an empty remote', async () => {
  repo = makeRepo()
  const remote = addRemote(repo)
  engine = await openEngine(repo)
  expect(await engine.head()).toEqual({ ref: 'refs/heads/main', oid: null })
  expect(await engine.changedPaths()).toEqual([])
  repo.write('first', '1\n')
  repo.write('dir/second', '2\n')
  const outcome = await commitPaths(engine, ['first', 'dir/second'])
  const oid = outcome.kind === 'committed' ? outcome.oid : ''
  expect(await engine.head()).toEqual({ ref: 'refs/heads/main', oid })
  expect(repo.git('status', '--porcelain')).toBe('')
  const upstream = await engine.upstream('refs/heads/main')
  expect(await engine.remoteTip('origin', 'refs/heads/main')).toEqual({ tip: null })
  expect(await engine.push({ remote: 'origin', upstreamRef: upstream?.ref ?? '', oid })).toEqual({
    kind: 'pushed',
    oid,
  })
  expect(remote.git('rev-parse', 'refs/heads/main')).toBe(oid)
})

test('sha256 repositories work', async () => {
  repo = makeRepo(files, { objectFormat: 'sha256' })
  engine = await openEngine(repo)
  expect(engine.repository.objectFormat).toBe('sha256')
  await editAndCommit()
})

test('a split index stays split and loses nothing', async () => {
  repo = makeRepo(files)
  repo.git('config', 'core.splitIndex', 'true')
  repo.git('update-index', '--split-index')
  engine = await openEngine(repo)
  expect(readdirSync(join(repo.root, '.git')).some((name) => name.startsWith('sharedindex.'))).toBe(true)
  await editAndCommit()
  expect((await engine.staging((await engine.head()).oid, [pathBytes('staged'), pathBytes('b')])).size).toBe(1)
})

test('index version 4 works', async () => {
  repo = makeRepo(files)
  repo.git('config', 'index.version', '4')
  repo.git('update-index', '--index-version', '4')
  engine = await openEngine(repo)
  await editAndCommit()
})

test('an extended index (version 3) is read without asking git', async () => {
  repo = makeRepo(files)
  repo.write('wanted', 'w\n')
  repo.git('add', '-N', 'wanted')
  engine = await openEngine(repo)
  const { oid } = await engine.head()
  expect((await engine.staging(oid, [pathBytes('wanted')])).size).toBe(0)
  expect(await commitPaths(engine, ['wanted'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('status', '--porcelain')).toBe('')
})

test('a linked work tree commits to its own branch with its own index and lock', async () => {
  repo = makeRepo(files)
  const linked = join(dirname(repo.root), 'linked')
  repo.git('worktree', 'add', '-q', '-b', 'side', linked)
  const main = repo
  repo = openRepoAt(linked, () => main.dispose())
  engine = await openEngine(repo)
  expect(engine.repository.commonDir).toBe(join(main.root, '.git'))
  expect(engine.repository.gitDir).toBe(join(main.root, '.git', 'worktrees', 'linked'))
  await editAndCommit()
  expect((await engine.head()).ref).toBe('refs/heads/side')
  expect(main.git('status', '--porcelain')).toBe('')
})

test('packed refs, a branch with a slash and a sparse checkout work', async () => {
  repo = makeRepo({ ...files, 'left-out/x': 'x\n' })
  repo.git('switch', '-q', '-c', 'topic/one')
  repo.git('pack-refs', '--all')
  repo.git('sparse-checkout', 'set', '--no-cone', '/docs/', '/b', '/staged')
  engine = await openEngine(repo)
  expect(existsSync(join(repo.root, 'left-out'))).toBe(false)
  expect((await engine.head()).ref).toBe('refs/heads/topic/one')
  await editAndCommit()
  expect(repo.show('HEAD:left-out/x')).toBe('x\n')
  expect(await engine.staging((await engine.head()).oid, [pathBytes('left-out/x')])).toEqual(
    new Map([['left-out/x', 'staged']]),
  )
})

test('a submodule and a nested repository are left alone', async () => {
  repo = makeRepo(files)
  const inner = join(repo.root, 'inner')
  repo.git('init', '-q', '-b', 'main', inner)
  const nested = openRepoAt(inner)
  nested.write('f', '1\n')
  nested.git('add', 'f')
  nested.git('commit', '-q', '-m', 'inner')
  repo.git('-c', 'advice.addEmbeddedRepo=false', 'add', 'inner')
  repo.git('commit', '-q', '-m', 'gitlink')
  repo.git('init', '-q', join(repo.root, 'untracked'))
  engine = await openEngine(repo)
  nested.write('f', '2\n')
  repo.write('b', 'changed\n')
  expect(await engine.changedPaths()).toEqual(['b'])
  expect(await commitPaths(engine, ['inner/f', 'b'])).toMatchObject({
    kind: 'committed',
    paths: ['b'],
    leftOut: [{ path: 'inner/f', reason: 'lies in the submodule inner: commit it there' }],
  })
  expect(repo.git('ls-tree', 'HEAD', 'inner')).toMatch(/^160000 commit/)
})
