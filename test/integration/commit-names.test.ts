import {
  existsSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import type { PathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, entriesOf, memoryJournal, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

const oddNames = [
  'new\nline',
  'tab\tand "quotes"',
  "it's",
  'back\\slash',
  '*',
  '[a]?',
  ':(top)magic',
  '-dash',
  ' lead and trail ',
  'carriage\r',
  '😀 emoji',
  'é',
  'n'.repeat(255),
  'deep/' + 'd/'.repeat(40) + 'leaf',
]

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

function onDisk(path: PathBytes): Buffer {
  return Buffer.concat([Buffer.from(`${repo.root}/`), Buffer.from(path, 'latin1')])
}

eachEngine(() => {
  test('a symbolic link is committed as its text, not as what it points to', async () => {
    repo = makeRepo({ target: 'secret\n' })
    engine = await openEngine(repo)
    symlinkSync('target', join(repo.root, 'link'))
    await commitPaths(engine, ['link'], { kind: 'link' })
    expect(repo.git('ls-tree', 'HEAD', 'link')).toMatch(/^120000/)
    expect(repo.show('HEAD:link')).toBe('target')
    expect(readlinkSync(join(repo.root, 'link'))).toBe('target')
    expect(repo.git('status', '--porcelain')).toBe('')
  })

  test('what turned into a link, a directory or nothing before its bytes were read has no blob, and the rest has', async () => {
    repo = makeRepo({ a: '1\n', b: '2\n', c: '3\n', d: '4\n' })
    engine = await openEngine(repo)
    rmSync(join(repo.root, 'a'))
    symlinkSync('/etc/hostname', join(repo.root, 'a'))
    rmSync(join(repo.root, 'b'))
    repo.write('b/inside', 'x')
    rmSync(join(repo.root, 'c'))
    const requests = ['a', 'b', 'c', 'd'].map((path) => ({ path: pathBytes(path), kind: 'file' as const }))
    const oids = await engine.writeBlobs(requests)
    expect([...oids.values()].map((oid) => oid === null)).toEqual([true, true, true, false])
  })

  test('a file takes the place of a directory, and a directory that of a file', async () => {
    repo = makeRepo({ 'a/one': '1\n', 'a/two': '2\n', b: 'file\n' })
    engine = await openEngine(repo)
    rmSync(join(repo.root, 'a'), { recursive: true })
    rmSync(join(repo.root, 'b'))
    repo.write('a', 'now a file\n')
    repo.write('b/x', 'now below\n')
    expect(await commitPaths(engine, ['a', 'a/one', 'a/two', 'b', 'b/x'])).toMatchObject({ kind: 'committed' })
    expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['a', 'b/x'])
    expect(repo.git('status', '--porcelain')).toBe('')
  })

  test('a file put over a directory is left out while the plan does not delete what was in it', async () => {
    repo = makeRepo({ 'a/one': '1\n', 'a/two': '2\n', other: 'x\n' })
    engine = await openEngine(repo)
    rmSync(join(repo.root, 'a'), { recursive: true })
    repo.write('a', 'now a file\n')
    repo.write('other', 'y\n')
    const outcome = await commitPaths(engine, ['a', 'a/one', 'other'])
    expect(outcome).toMatchObject({
      kind: 'committed',
      paths: ['a/one', 'other'],
      leftOut: [{ path: 'a', reason: 'waits for a/two, which is held or still changes: settle that one first' }],
    })
    expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD').split('\n')).toEqual(['a/two', 'other'])
  })

  test('the executable bit alone is a commit', async () => {
    repo = makeRepo({ run: '#!/bin/sh\n' })
    engine = await openEngine(repo)
    const head = await engine.head()
    const [entry] = await entriesOf(engine, [pathBytes('run')], 'file')
    const entries = [{ path: pathBytes('run'), mode: '100755' as const, oid: entry?.oid ?? '' }]
    const plan = { id: 'x', ref: 'refs/heads/main', base: head.oid, entries, message: 'm' }
    expect(await engine.commit(plan, memoryJournal())).toMatchObject({ kind: 'committed' })
    await engine.settled()
    expect(repo.git('ls-tree', 'HEAD', 'run')).toMatch(/^100755/)
    expect(repo.git('diff', '--cached', '--name-only')).toBe('')
  })

  test.each([
    ['Windows', 'git~1'],
    ['macOS', '.g\u200cit'],
  ])('a name that %s would take for the git directory is passed over, and told as left out', async (_, name) => {
    repo = makeRepo({ plain: 'x\n' })
    engine = await openEngine(repo)
    repo.write(name, 'x')
    repo.write('plain', 'y\n')
    expect(await commitPaths(engine, [name, 'plain'])).toMatchObject({
      kind: 'committed',
      paths: ['plain'],
      leftOut: [{ path: pathBytes(name), reason: 'git refuses this name: rename it' }],
    })
    expect(existsSync(join(repo.root, name))).toBe(true)
    expect(readFileSync(join(repo.root, 'plain'), 'utf8')).toBe('y\n')
    expect(lstatSync(join(repo.root, '.git', 'workspace-sync')).mode & 0o777).toBe(0o700)
  })
})

test('files with every odd name are committed with their bytes, and git sees a clean tree', async () => {
  repo = makeRepo({ plain: 'x\n' })
  engine = await openEngine(repo)
  for (const name of oddNames) repo.write(name, `bytes of ${name}`)
  const outcome = await commitPaths(engine, oddNames)
  expect(outcome).toMatchObject({ kind: 'committed' })
  for (const name of oddNames) expect(repo.show(`HEAD:${name}`)).toBe(`bytes of ${name}`)
  expect(repo.git('status', '--porcelain')).toBe('')
  for (const name of oddNames) unlinkSync(join(repo.root, name))
  expect(await commitPaths(engine, oddNames)).toMatchObject({ kind: 'committed' })
  expect(repo.git('ls-tree', '-r', '--name-only', 'HEAD')).toBe('plain')
  expect(repo.git('status', '--porcelain')).toBe('')
})

test('two names that differ only in bytes that are not UTF-8 stay two files', async () => {
  repo = makeRepo({ plain: 'x\n' })
  engine = await openEngine(repo)
  const names = ['bad-\xff', 'bad-\xfe'].map((name) => pathOfLatin1(name))
  for (const name of names) writeFileSync(onDisk(name), `content of ${name}`, 'latin1')
  const head = await engine.head()
  const entries = await entriesOf(engine, names, 'file')
  const plan = { id: 'odd', ref: 'refs/heads/main', base: head.oid, entries, message: 'm' }
  expect(await engine.commit(plan, memoryJournal())).toMatchObject({ kind: 'committed', paths: names })
  await engine.settled()
  const listed = repo.gitBytes(['ls-tree', '-r', '-z', '--name-only', 'HEAD']).toString('latin1').split('\0')
  expect(listed).toEqual(expect.arrayContaining(names))
  expect(repo.git('status', '--porcelain')).toBe('')
  expect((await engine.entriesAt((await engine.head()).oid, names)).size).toBe(2)
})
