import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, type TempRepo } from '../support/temp-repo.ts'

function repoWith(files: Readonly<Record<string, string>>): TempRepo {
  const repo = makeRepo(files)
  onTestFinished(() => repo.dispose())
  return repo
}

/** What `git add` makes of the work tree's file, in an index beside the user's. */
function asAdded(repo: TempRepo, path: string): string {
  const index = join(repo.root, '.git', 'beside')
  writeFileSync(index, readFileSync(join(repo.root, '.git', 'index')))
  const environment = { ...gitEnvironment, GIT_INDEX_FILE: index }
  execFileSync('git', ['add', path], { cwd: repo.root, env: environment, stdio: 'ignore' })
  return execFileSync('git', ['ls-files', '-s', path], { cwd: repo.root, env: environment, encoding: 'utf8' })
}

test.each([
  ['core.autocrlf=true', (repo: TempRepo) => repo.git('config', 'core.autocrlf', 'true')],
  ['core.autocrlf=input', (repo: TempRepo) => repo.git('config', 'core.autocrlf', 'input')],
  ['text=auto', (repo: TempRepo) => repo.write('.gitattributes', '* text=auto\n')],
  ['text=auto eol=lf', (repo: TempRepo) => repo.write('.gitattributes', '* text=auto eol=lf\n')],
  ['text', (repo: TempRepo) => repo.write('.gitattributes', '* text\n')],
  [
    'split index',
    (repo: TempRepo) => [repo.git('config', 'core.autocrlf', 'true'), repo.git('update-index', '--split-index')],
  ],
] as const)('a file that was committed with CRLF is committed as git add would: %s', async (_, configure) => {
  const repo = repoWith({
    'a b/c.txt': 'a\r\nb\r\n',
    'lf.txt': 'a\nb\n',
    'mixed.txt': 'a\r\nb\n',
    'bin.dat': 'a\r\n\0',
  })
  configure(repo)
  const paths = ['a b/c.txt', 'lf.txt', 'mixed.txt', 'bin.dat', 'new.txt']
  repo.write('a b/c.txt', 'a\r\nb\r\nc\r\n')
  repo.write('lf.txt', 'a\r\nb\r\nc\r\n')
  repo.write('mixed.txt', 'a\r\nb\nc\r\n')
  repo.write('bin.dat', 'a\r\n\0\r\n')
  repo.write('new.txt', 'a\r\n')
  const wanted = paths.map((path) => asAdded(repo, path))
  const engine = await openEngine(repo)
  expect(await commitPaths(engine, paths)).toMatchObject({ kind: 'committed' })
  expect(paths.map((path) => repo.git('ls-files', '-s', path))).toEqual(wanted.map((line) => line.trimEnd()))
  expect(repo.git('diff', '--name-only', 'HEAD', '--', ...paths)).toBe('')
  repo.git('fsck', '--strict')
})

test('a look that writes nothing finds the same blob', async () => {
  const repo = repoWith({ 'c.txt': 'a\r\n' })
  repo.git('config', 'core.autocrlf', 'true')
  repo.write('c.txt', 'a\r\nb\r\n')
  const engine = await openEngine(repo)
  const path = pathBytes('c.txt')
  const [once, twice] = await Promise.all([1, 2].map(() => engine.writeBlobs([{ path, kind: 'file' }])))
  expect(once?.get(path)).toBe(asAdded(repo, 'c.txt').split(' ')[1])
  expect(twice?.get(path)).toBe(once?.get(path))
})

test.each([
  ['a sparse checkout leaves out', (repo: TempRepo) => repo.git('sparse-checkout', 'set', '--no-cone', '/src/')],
  ['somebody deleted', (repo: TempRepo) => rmSync(join(repo.root, '.gitattributes'))],
] as const)('a filter of an attributes file that %s counts as for git add', async (_, configure) => {
  const repo = repoWith({ '.gitattributes': '*.sec filter=c\n*.bad filter=broken\n', 'src/a': 'a\n' })
  for (const [key, value] of Object.entries({ clean: 'base64', smudge: 'base64 -d', required: 'true' }))
    repo.git('config', `filter.c.${key}`, value)
  repo.git('config', 'filter.broken.clean', 'false')
  repo.git('config', 'filter.broken.required', 'true')
  configure(repo)
  const engine = await openEngine(repo)
  repo.write('src/new.sec', 'plain text\n')
  repo.write('src/one.bad', 'x\n')
  repo.write('src/a', 'b\n')
  symlinkSync('a', join(repo.root, 'src/link'))
  const requests = ['src/new.sec', 'src/one.bad', 'src/a', 'src/gone'].map((name) => ({
    path: pathBytes(name),
    kind: 'file' as const,
  }))
  const written = await engine.writeBlobs([...requests, { path: pathBytes('src/link'), kind: 'link' }])
  const texts = [...written].map(([path, oid]) => [
    path,
    typeof oid === 'string' ? repo.git('cat-file', 'blob', oid) : oid,
  ])
  expect(Object.fromEntries(texts)).toEqual({
    'src/new.sec': Buffer.from('plain text\n').toString('base64'),
    'src/one.bad': { refused: expect.stringContaining('the filter') },
    'src/a': 'b',
    'src/gone': null,
    'src/link': 'a',
  })
})
