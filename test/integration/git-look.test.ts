import { mkdirSync, rmSync, unlinkSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const paths = (...names: readonly string[]) => names.map((name) => pathBytes(name))

eachEngine(() => {
  test('what git ignores is told for tracked paths too, with negations, directories and names like patterns', async () => {
    repo = makeRepo({ 'kept.log': 'x\n', '.gitignore': '*.log\n!kept.log\nbuild/\n' })
    mkdirSync(join(repo.root, 'build'))
    engine = await openEngine(repo)
    const asked = paths(
      'a.log',
      'kept.log',
      'build',
      'build/x',
      'gone/build/x',
      '*',
      ':(top)x',
      'plain',
      'new\nline.log',
    )
    const ignored = await engine.ignored(asked)
    expect([...ignored].toSorted()).toEqual(['a.log', 'build', 'build/x', 'gone/build/x', 'new\nline.log'])
  })

  test('a changed ignore file counts once the helpers are told', async () => {
    repo = makeRepo({ '.gitignore': '' })
    engine = await openEngine(repo)
    expect((await engine.ignored(paths('a.log'))).size).toBe(0)
    repo.write('.gitignore', '*.log\n')
    engine.forgetIgnores()
    expect((await engine.ignored(paths('a.log'))).size).toBe(1)
  })

  test('a path behind a link or inside a submodule ends no helper for the others', async () => {
    repo = makeRepo({ '.gitignore': '*.log\n', 'dir/x': 'x\n' })
    execFileSync('ln', ['-s', 'dir', join(repo.root, 'link')])
    engine = await openEngine(repo)
    expect([...(await engine.ignored(paths('link/x.log', 'a.log', 'b.log')))]).toEqual(['a.log', 'b.log'])
  })

  test('only directories that a rule excludes as a whole are pruned', async () => {
    repo = makeRepo({ '.gitignore': '*.log\nbuild/\nforced/\n', 'logs/keep': 'x\n' })
    repo.write('logs/a.log', 'x')
    repo.write('only-logs/a.log', 'x')
    repo.write('deep/build/x', 'x')
    repo.write('forced/tracked', 'x')
    repo.git('add', '-f', 'forced/tracked')
    engine = await openEngine(repo)
    expect(await engine.ignoredDirectories()).toEqual(['deep/build'])
  })

  test('changed paths are all that differs from HEAD, file by file', async () => {
    repo = makeRepo({
      edited: '1\n',
      gone: '1\n',
      moved: '1\n',
      same: '1\n',
      'odd\n"name"': '1\n',
      '.gitignore': 'x.log\n',
    })
    engine = await openEngine(repo)
    repo.write('edited', '2\n')
    unlinkSync(join(repo.root, 'gone'))
    repo.git('mv', 'moved', 'to here')
    repo.write('odd\n"name"', '2\n')
    repo.write('new/deep/file', 'x')
    repo.write('x.log', 'x')
    const found = await engine.changedPaths()
    expect([...found].toSorted()).toEqual(['edited', 'gone', 'moved', 'new/deep/file', 'odd\n"name"', 'to here'])
  })

  test('a commit is looked into without a process for each question', async () => {
    repo = makeRepo({ 'a/b/c': '1\n', 'a/b/d': '2\n', 'a/e': '3\n', top: '4\n' })
    engine = await openEngine(repo)
    const { oid } = await engine.head()
    const found = await engine.entriesAt(oid, paths('a/b/c', 'a', 'top', 'nowhere', 'top/below', 'a/b/c/d'))
    expect([...found.keys()]).toEqual(['a/b/c', 'a', 'top'])
    expect(found.get(pathBytes('a'))?.mode).toBe('040000')
    expect(await engine.filesBelow(oid, pathBytes('a'))).toEqual(['a/b/c', 'a/b/d', 'a/e'])
    expect(await engine.filesBelow(oid, pathBytes('top'))).toEqual([])
    expect(await engine.trackedFiles(oid)).toBe(4)
    expect((await engine.entriesAt(null, paths('top'))).size).toBe(0)
    const blob = found.get(pathBytes('top'))?.oid ?? ''
    expect(await engine.blobSize(blob)).toBe(2)
    expect(Buffer.from((await engine.readBlob(blob, 2)) ?? []).toString()).toBe('4\n')
    expect(await engine.readBlob(blob, 1)).toBeNull()
    expect(await engine.readBlob('0'.repeat(40), 10)).toBeNull()
  })

  test('three hundred files at once, some gone by then: each gets its own answer', async () => {
    repo = makeRepo({ keep: 'x\n' })
    engine = await openEngine(repo)
    const names = Array.from({ length: 300 }, (_, number) => `n${number}`)
    for (const name of names) repo.write(name, name)
    const asked = engine.writeBlobs(paths(...names).map((path) => ({ path, kind: 'file' as const })))
    for (const name of names.filter((_, number) => number % 50 === 49)) rmSync(join(repo.root, name))
    const oids = await asked
    expect(oids.size).toBe(300)
    const expected = repo.gitBytes(['hash-object', '--stdin'], 'n0').toString().trim()
    expect(oids.get(pathBytes('n0'))).toBe(expected)
    writeFileSync(join(repo.root, 'late'), 'late')
    expect((await engine.writeBlobs([{ path: pathBytes('late'), kind: 'file' }])).get(pathBytes('late'))).not.toBeNull()
  })
})

test('clean filters and line ends apply as with git add, and a changed attribute counts once told', async () => {
  repo = makeRepo({ '.gitattributes': '*.up filter=upper\n*.txt text eol=crlf\n' })
  repo.git('config', 'filter.upper.clean', 'tr a-z A-Z')
  engine = await openEngine(repo)
  repo.write('a.up', 'pointer\n')
  repo.write('a.txt', 'one\r\ntwo\r\n')
  repo.write('plain', 'one\r\n')
  expect(await commitPaths(engine, ['a.up', 'a.txt', 'plain'])).toMatchObject({ kind: 'committed' })
  expect(['a.up', 'a.txt', 'plain'].map((path) => repo.show(`HEAD:${path}`))).toEqual([
    'POINTER\n',
    'one\ntwo\n',
    'one\r\n',
  ])
  expect(repo.git('status', '--porcelain')).toBe('')
  repo.write('.gitattributes', 'plain text\n')
  engine.forgetIgnores()
  repo.write('plain', 'two\r\n')
  await commitPaths(engine, ['plain'])
  expect(repo.show('HEAD:plain')).toBe('two\n')
})

test('a filter that fails holds up its own file only', async () => {
  repo = makeRepo({ '.gitattributes': '*.bad filter=broken\n' })
  repo.git('config', 'filter.broken.clean', 'false')
  repo.git('config', 'filter.broken.required', 'true')
  engine = await openEngine(repo)
  repo.write('x.bad', 'x')
  repo.write('good', 'x')
  const requests = paths('x.bad', 'good').map((path) => ({ path, kind: 'file' as const }))
  const oids = await engine.writeBlobs(requests)
  expect(oids.get(pathBytes('x.bad'))).toEqual({
    refused: 'the filter broken failed: mend it, or take it out of .gitattributes',
  })
  expect(oids.get(pathBytes('good'))).toMatch(/^[0-9a-f]{40}$/)
})

test('a filter that hangs is ended at its deadline, and the others are done', async () => {
  repo = makeRepo({ '.gitattributes': '*.slow filter=slow\n' })
  repo.git('config', 'filter.slow.clean', 'sleep 60')
  engine = await openEngine(repo, { deadlines: { helperMs: 300 } })
  repo.write('x.slow', 'x')
  repo.write('good', 'x')
  const oids = await engine.writeBlobs(paths('x.slow', 'good').map((path) => ({ path, kind: 'file' as const })))
  expect(oids.get(pathBytes('x.slow'))).toEqual({
    refused: 'its filter did not end within 0.3 s: mend it, or take it out of .gitattributes',
  })
  expect(oids.get(pathBytes('good'))).toMatch(/^[0-9a-f]{40}$/)
})
