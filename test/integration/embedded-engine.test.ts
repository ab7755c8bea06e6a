import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { systemDisk } from '../../src/git/disk.ts'
import type { Disk } from '../../src/git/disk.ts'
import { guardedFiles } from '../../src/git/embedded/guarded-files.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import { commitPaths, entriesOf, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ 'dir/one': '1\n', ours: '1\n', run: '#!/bin/sh\n' })
  engine = await openEngine(repo, { engine: 'embedded' })
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

/** The same engine without its guard: what the probe keeps from happening. */
async function unguarded(): Promise<void> {
  await engine.close()
  engine = await openEngine(repo, { engine: 'embedded', conditions: () => [] })
}

test('a repository that stops to qualify is left alone from then on, by name', async () => {
  repo.write('ours', '2\n')
  repo.git('config', 'core.autocrlf', 'input')
  const outcome = await commitPaths(engine, ['ours'])
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'git-missing', heals: 'person' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('(line-ends)')
  repo.git('config', '--unset', 'core.autocrlf')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
})

test('below an attributes file that nobody tracks yet nothing is stored, and the rest is', async () => {
  repo.write('dir/.gitattributes', '* text eol=crlf\n')
  const asked = ['dir/one', 'ours'].map((path) => ({ path: pathBytes(path), kind: 'file' as const }))
  const blobs = await engine.writeBlobs(asked)
  expect(blobs.get(pathBytes('dir/one'))).toEqual({ refused: 'needs git: dir/.gitattributes exists (attributes)' })
  expect(blobs.get(pathBytes('ours'))).toBe(repo.git('rev-parse', 'HEAD:ours'))
})

test('what lies in a nested repository is not ours to store', async () => {
  repo.git('init', '-q', 'dir/nested')
  repo.write('dir/nested/f', 'x\n')
  const blobs = await engine.writeBlobs([{ path: pathBytes('dir/nested/f'), kind: 'file' }])
  expect(blobs.get(pathBytes('dir/nested/f'))).toMatchObject({ refused: expect.stringContaining('(submodule)') })
  expect(await engine.changedPaths()).toEqual([])
})

test('new names that cannot be kept are left out, and told', async () => {
  const names = [pathBytes('back\\slash'), pathOfLatin1('bad-\xff'), pathBytes('ours')]
  for (const name of names)
    writeFileSync(Buffer.concat([Buffer.from(`${repo.root}/`), Buffer.from(name, 'latin1')]), '2')
  const { oid } = await engine.head()
  const plan = {
    id: 'x',
    ref: 'refs/heads/main',
    base: oid,
    entries: await entriesOf(engine, names, 'file'),
    message: 'm',
  }
  const outcome = await engine.commit(plan, memoryJournal())
  await engine.settled()
  expect(outcome).toMatchObject({ kind: 'committed', paths: ['ours'] })
  expect(outcome.kind === 'committed' && outcome.leftOut.map(({ reason }) => reason)).toEqual([
    'without git this name cannot be kept: rename it, or install git',
    'without git this name cannot be kept: rename it, or install git',
  ])
  expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['dir/one', 'ours', 'run'])
})

test('a tree with a mode that nobody writes any more is refused, not written anew', async () => {
  const blob = repo.git('rev-parse', 'HEAD:ours')
  const entry = Buffer.concat([Buffer.from('100664 ours\0'), Buffer.from(blob, 'hex')])
  const tree = repo.gitBytes(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], entry).toString().trim()
  repo.git('update-ref', 'refs/heads/main', repo.git('commit-tree', '-m', 'legacy', tree))
  repo.git('read-tree', 'HEAD')
  repo.write('new', 'x\n')
  const outcome = await commitPaths(engine, ['new'])
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'git-missing' } })
  expect(outcome.kind === 'failed' && outcome.failure.detail).toContain('100664')
  expect(repo.git('log', '-1', '--format=%s')).toBe('legacy')
})

test('objects are read-only, whole and what git would write', async () => {
  repo.write('ours', 'new bytes\n')
  await commitPaths(engine, ['ours'])
  const oid = repo.git('rev-parse', 'HEAD:ours')
  expect(oid).toBe(createHash('sha1').update('blob 10\0new bytes\n').digest('hex'))
  expect(repo.git('fsck', '--strict')).toBe('')
  // Another object may begin alike; what is written beside its place has another kind of name.
  const names = readdirSync(join(repo.root, '.git/objects', oid.slice(0, 2)))
  expect(names).toContain(oid.slice(2))
  expect(names.filter((name) => !/^[\da-f]{38}$/.test(name))).toEqual([])
  expect(repo.git('log', '-1', '--format=%an <%ae> %cn')).toBe('A. Tester <tester@example.invalid> A. Tester')
})

test('commits and trees that lie in packs are read, and refs that are packed are moved', async () => {
  repo.git('gc', '-q')
  expect(await engine.filesBelow((await engine.head()).oid, pathBytes(''))).toEqual(['dir/one', 'ours', 'run'])
  repo.write('ours', '2\n')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('status', '--porcelain')).toBe('')
  repo.git('gc', '-q', '--prune=now')
  expect(repo.show('HEAD:ours')).toBe('2\n')
  expect((await engine.history.automaticCommits(repo.git('rev-parse', 'HEAD'), [], 5)).length).toBe(1)
})

test('the lock of somebody else on the branch is waited for and named; one of ours that a crash left is taken away', async () => {
  await engine.close()
  engine = await openEngine(repo, { engine: 'embedded', deadlines: { lockMs: 50 } })
  const lock = join(repo.root, '.git/refs/heads/main.lock')
  writeFileSync(lock, '')
  repo.write('ours', '2\n')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'failed', failure: { name: 'locked' } })
  rmSync(lock)
  const token = join(repo.root, '.git/workspace-sync/ref-tokens/0123')
  mkdirSync(dirname(token), { recursive: true })
  writeFileSync(token, '0123 refs/heads/main\n')
  linkSync(token, lock)
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(existsSync(lock)).toBe(false)
})

test('the branch moves just before our lock is there: the lost race is told, not forced, and leaves nothing', async () => {
  await engine.close()
  const theirs = repo.git('commit-tree', '-p', 'HEAD', '-m', 'user', 'HEAD^{tree}')
  const disk: Disk = {
    ...systemDisk,
    link: (from, to) => {
      // Plumbing needs no index, so the lock on that does not keep it out.
      if (to.endsWith('/main.lock')) repo.git('update-ref', 'HEAD', theirs)
      return systemDisk.link(from, to)
    },
  }
  engine = await openEngine(repo, { engine: 'embedded', disk })
  repo.write('ours', '2\n')
  const journal = memoryJournal()
  expect(await commitPaths(engine, ['ours'], { journal })).toEqual({ kind: 'head-moved' })
  expect(journal.entry).toBeNull()
  expect(repo.git('log', '--format=%s')).toBe('user\nfirst')
  expect(readdirSync(join(repo.root, '.git/refs/heads'))).toEqual(['main'])
  expect(existsSync(join(repo.root, '.git/index.lock'))).toBe(false)
})

test('isomorphic-git may read, and write nothing but packs where they are wanted', async () => {
  const gitDir = join(repo.root, '.git')
  const { promises } = guardedFiles({ gitDir, mayWritePacks: true })
  const write = (name: string): Promise<unknown> => promises.writeFile(join(gitDir, name), Buffer.from('x'))
  const pack = `objects/pack/pack-${'0'.repeat(40)}.pack`
  for (const name of ['refs/heads/main', 'index', 'HEAD', 'config', 'objects/00/11', 'objects/pack/x', '../ours'])
    await expect(write(name), name).rejects.toThrow(/is kept from isomorphic-git/)
  for (const act of ['unlink', 'rmdir', 'symlink'] as const)
    await expect(promises[act]?.(join(gitDir, 'index'))).rejects.toThrow(/is kept/)
  await write(pack)
  expect(readFileSync(join(gitDir, pack), 'utf8')).toBe('x')
  const { promises: reading } = guardedFiles({ gitDir, mayWritePacks: false })
  await expect(reading.writeFile(join(gitDir, pack), 'y')).rejects.toThrow(/is kept/)
})

test('unguarded, line ends are committed as they lie there', async () => {
  await unguarded()
  repo.git('config', 'core.autocrlf', 'input')
  repo.write('ours', 'one\r\n')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.show('HEAD:ours')).toBe('one\r\n')
})

test('unguarded, what a clean filter keeps out of the repository is committed', async () => {
  await unguarded()
  repo.write('.git/info/attributes', 'ours filter=clean\n')
  repo.git('config', 'filter.clean.clean', 'sed s/secret/pointer/')
  repo.write('ours', 'secret\n')
  await commitPaths(engine, ['ours'])
  expect(repo.show('HEAD:ours')).toBe('secret\n')
})

test('unguarded, hooks that would refuse are not asked, and nothing is signed', async () => {
  await unguarded()
  repo.write('.git/hooks/commit-msg', '#!/bin/sh\nexit 1\n')
  chmodSync(join(repo.root, '.git/hooks/commit-msg'), 0o755)
  repo.git('config', 'commit.gpgSign', 'true')
  repo.write('ours', '2\n')
  // The shared sequence asks a hook that is there, and without git it cannot: that is said, and nothing is committed.
  expect(await commitPaths(engine, ['ours'])).toMatchObject({
    kind: 'failed',
    failure: { name: 'git-missing' },
  })
  rmSync(join(repo.root, '.git/hooks/commit-msg'))
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('cat-file', 'commit', 'HEAD')).not.toContain('gpgsig')
})

test('unguarded, a split index is not understood: everything in it looks unstaged', async () => {
  await unguarded()
  repo.write('staged', '1\n')
  repo.git('add', 'staged')
  repo.git('update-index', '--split-index')
  repo.write('ours', '2\n')
  const outcome = await commitPaths(engine, ['ours']).catch((error: unknown) => error)
  // Every reader of the index falls back on git, and there is none.
  expect(outcome).toMatchObject({ kind: expect.stringMatching(/failed|system/) })
  expect(repo.git('log', '--format=%s')).toBe('first')
})

test('the first commit of an unborn branch, without an index, is one that git knows', async () => {
  const unborn = makeRepo()
  unborn.write('dir/first', '1\n')
  const opened = await openEngine(unborn, { engine: 'embedded' })
  expect(await opened.changedPaths()).toEqual(['dir/first'])
  expect(await commitPaths(opened, ['dir/first'])).toMatchObject({ kind: 'committed', paths: ['dir/first'] })
  expect(unborn.git('status', '--porcelain')).toBe('')
  expect(unborn.git('reflog', '--format=%gs')).toBe('commit: sync: test')
  await opened.close()
  unborn.dispose()
})

test('a file that may not be looked at any more keeps the index from nothing', async () => {
  await engine.close()
  const soonS = Date.now() / 1_000 + 60
  utimesSync(join(repo.root, 'dir/one'), soonS, soonS)
  repo.git('add', 'dir/one')
  const disk: Disk = {
    ...systemDisk,
    identify: (path) => {
      if (String(path).endsWith('/dir/one')) throw Object.assign(new Error('permission denied'), { code: 'EACCES' })
      return systemDisk.identify(path)
    },
  }
  engine = await openEngine(repo, { engine: 'embedded', disk })
  repo.write('ours', '2\n')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(await engine.settled()).toBeNull()
})

test('an object that is somebody else’s is as good as ours', async () => {
  await engine.close()
  const disk: Disk = {
    ...systemDisk,
    touch: (path, atMs) => {
      // As the system answers whoever does not own it.
      if (/\/objects\//.test(path)) throw Object.assign(new Error('not permitted'), { code: 'EPERM' })
      systemDisk.touch(path, atMs)
    },
  }
  engine = await openEngine(repo, { engine: 'embedded', disk })
  repo.write('ours', 'theirs\n')
  repo.git('hash-object', '-w', 'ours')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.show('HEAD:ours')).toBe('theirs\n')
})

test('objects may lie on another file system', async () => {
  await engine.close()
  const disk: Disk = {
    ...systemDisk,
    rename: (from, to) => {
      // As the system answers across the border of two.
      const isAcross = /\/objects\//.test(from) !== /\/objects\//.test(to)
      if (isAcross) throw Object.assign(new Error('cross-device link not permitted'), { code: 'EXDEV' })
      systemDisk.rename(from, to)
    },
  }
  engine = await openEngine(repo, { engine: 'embedded', disk })
  repo.write('ours', '2\n')
  expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('fsck', '--strict')).toBe('')
  expect(readdirSync(join(repo.root, '.git/objects')).filter((name) => name.startsWith('tmp_'))).toEqual([])
  expect(existsSync(join(repo.root, '.git/workspace-sync/new-object'))).toBe(false)
})
