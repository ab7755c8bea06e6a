import { chmodSync, chownSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openRepository } from '../../src/git/git.ts'
import type { OpenOptions } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, openRepoAt, tempDirectory } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo

beforeEach(() => {
  repo = makeRepo({ 'a/b': '1\n' })
})

afterEach(() => repo.dispose())

const objects = () => readdirSync(join(repo.root, '.git', 'objects'), { recursive: true })
const open = (directory: string, environment = gitEnvironment, engine: OpenOptions['engine'] = 'native') =>
  openRepository(directory, { environment, engine })

test('a directory below the root finds it, and reading only writes nothing below the git directory', async () => {
  const before = objects()
  const engine = await openEngine(openRepoAt(join(repo.root, 'a')), { readOnly: true })
  repo.write('a/b', '2\n')
  const [oid] = (await engine.writeBlobs([{ path: pathBytes('a/b'), kind: 'file' }])).values()
  expect(await engine.blobSize(typeof oid === 'string' ? oid : '')).toBe(2)
  expect(objects()).toEqual(before)
  expect(engine.repository.root).toBe(repo.root)
  expect(existsSync(engine.repository.stateDir)).toBe(false)
  await engine.close()
})

test('no repository, none at all and a bare one are refused with what to do', async () => {
  const place = tempDirectory()
  await expect(open(place.path)).rejects.toMatchObject({
    kind: 'repository',
    hint: expect.stringContaining('git init'),
  })
  await expect(open(join(place.path, 'missing'))).rejects.toMatchObject({ kind: 'repository' })
  openRepoAt(place.path).git('init', '-q', '--bare')
  await expect(open(place.path)).rejects.toThrow(/is a bare repository/)
  await expect(open(join(repo.root, '.git'))).rejects.toMatchObject({ kind: 'repository' })
  place.dispose()
})

test('git that is missing, and one that is too old, are told apart from a broken repository', async () => {
  const place = tempDirectory()
  const environment = { ...gitEnvironment, PATH: place.path }
  await expect(open(repo.root, environment)).rejects.toMatchObject({ kind: 'system', message: /not found/ })
  openRepoAt(place.path).write('git', '#!/bin/sh\necho git version 2.30.1\n')
  chmodSync(join(place.path, 'git'), 0o755)
  await expect(open(repo.root, environment)).rejects.toThrow(/2\.30\.1 is too old/)
  place.dispose()
})

test('without a git that will do, the other engine opens what it may, and names both where it may not', async () => {
  const place = tempDirectory()
  const environment = { ...gitEnvironment, PATH: place.path }
  for (const hasOld of [false, true]) {
    if (hasOld) openRepoAt(place.path).write('git', '#!/bin/sh\necho git version 2.30.1\n')
    if (hasOld) chmodSync(join(place.path, 'git'), 0o755)
    const engine = await open(repo.root, environment, 'auto')
    expect(engine.name).toBe('embedded')
    await engine.close()
  }
  repo.write('.git/info/attributes', '')
  await expect(open(repo.root, environment, 'auto')).rejects.toMatchObject({
    kind: 'system',
    message: expect.stringMatching(/too old, and .* cannot be synced without git: .*\(attributes\)$/),
  })
  const engine = await open(repo.root, gitEnvironment, 'auto')
  expect(engine.name).toBe('native')
  await engine.close()
  place.dispose()
})

test('a work tree of another user is refused with the command that allows it', async () => {
  expect(process.getuid?.(), 'this test changes an owner').toBe(0)
  chownSync(join(repo.root, '.git'), 12345, 12345)
  chownSync(repo.root, 12345, 12345)
  await expect(open(repo.root)).rejects.toMatchObject({ hint: expect.stringContaining('safe.directory') })
})

test('what a hook hands down to a daemon that it started leads nowhere', async () => {
  const elsewhere = makeRepo({ f: '1\n' })
  const environment = {
    ...gitEnvironment,
    GIT_DIR: join(elsewhere.root, '.git'),
    GIT_WORK_TREE: elsewhere.root,
    GIT_INDEX_FILE: join(elsewhere.root, '.git', 'index'),
    GIT_TRACE: '1',
  }
  const engine = await open(repo.root, environment)
  repo.write('a/b', '2\n')
  expect(engine.repository.root).toBe(repo.root)
  expect(await commitPaths(engine, ['a/b'])).toMatchObject({ kind: 'committed' })
  expect(elsewhere.git('log', '--format=%s')).toBe('first')
  await engine.close()
  elsewhere.dispose()
})

test('a broken branch is a named error, not an unborn branch', async () => {
  const engine = await openEngine(repo)
  const oid = repo.git('rev-parse', 'HEAD^{tree}')
  chmodSync(join(repo.root, '.git', 'objects', oid.slice(0, 2), oid.slice(2)), 0o644)
  repo.write(`.git/objects/${oid.slice(0, 2)}/${oid.slice(2)}`, '')
  await expect(engine.trackedFiles((await engine.head()).oid)).rejects.toMatchObject({ kind: 'repository' })
  await engine.close()
})
