import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { addRemote, makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const bytes = (root: string, path: string): string | null =>
  existsSync(join(root, path)) && !statSync(join(root, path)).isDirectory()
    ? readFileSync(join(root, path), 'latin1')
    : null

/** Both sides edit; afterwards both are there, on both sides, and nothing is left to do. */
async function expectBothSides(here: TempRepo, there: TempRepo, sets: readonly string[] = []): Promise<void> {
  const { daemon } = await startMachine(here, sets)
  await daemon.sync(null)
  pushFrom(there, { 'theirs.md': 'theirs\n', 'shared.md': 'a\ntheirs\n' })
  here.write('mine.md', 'mine\n')
  await until('theirs', () => bytes(here.root, 'theirs.md') !== null)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  await until('nothing left', () => here.git('status', '--porcelain') === '')
  there.git('pull', '-q')
  expect(bytes(there.root, 'mine.md')).toBe('mine\n')
  expect(here.git('rev-parse', 'HEAD')).toBe(there.git('rev-parse', 'HEAD'))
  here.git('fsck', '--strict')
}

const files = { 'shared.md': 'a\n', 'first.md': 'first\n' }

test('a repository with sha256', async () => {
  const here = makeRepo(files, { objectFormat: 'sha256' })
  onTestFinished(() => here.dispose())
  addRemote(here)
  const there = openRepoAt(join(here.root, '..', 'there'))
  here.git('clone', '-q', join(here.root, '..', 'remote.git'), there.root)
  await expectBothSides(here, there)
})

test('a linked work tree', async () => {
  const { here, there } = makeMachines(files)
  here.git('checkout', '-q', '--detach')
  const linked = openRepoAt(join(here.root, '..', 'linked'))
  here.git('worktree', 'add', '-q', linked.root, 'main')
  await expectBothSides(linked, there)
})

test('a split index', async () => {
  const { here, there } = makeMachines(files)
  here.git('update-index', '--split-index')
  await expectBothSides(here, there)
})

test('a sparse index in a cone', async () => {
  const { here, there } = makeMachines({ ...files, 'in/x.md': 'x\n', 'out/y.md': 'y\n' })
  here.git('sparse-checkout', 'set', '--cone', '--sparse-index', 'in')
  await expectBothSides(here, there)
  expect(existsSync(join(here.root, 'out'))).toBe(false)
})

test('a partial clone fetches what it lacks', async () => {
  const { here: origin, there, remote } = makeMachines(files)
  remote.git('config', 'uploadpack.allowFilter', 'true')
  remote.git('config', 'uploadpack.allowAnySHA1InWant', 'true')
  const here = openRepoAt(join(origin.root, '..', 'partial'))
  origin.git('clone', '-q', '--filter=blob:none', `file://${remote.root}`, here.root)
  await expectBothSides(here, there)
})

test('a shallow clone', async () => {
  const { here: origin, there, remote } = makeMachines(files)
  pushFrom(there, { 'second.md': 'second\n' })
  const here = openRepoAt(join(origin.root, '..', 'shallow'))
  origin.git('clone', '-q', '--depth=1', `file://${remote.root}`, here.root)
  await expectBothSides(here, there)
})

test('line ends as the attributes say, also where they come with the same push', async () => {
  const { here, there } = makeMachines(files)
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.write('.gitattributes', '*.bat text eol=crlf\n')
  there.write('run.bat', 'a\r\nb\r\n')
  there.git('add', '-A')
  there.git('commit', '-q', '-m', 'lines')
  there.git('push', '-q')
  await until('it', () => bytes(here.root, 'run.bat') === 'a\r\nb\r\n')
  await until('nothing left', () => here.git('status', '--porcelain') === '')
})

test('core.autocrlf', async () => {
  const { here, there } = makeMachines(files)
  here.git('config', 'core.autocrlf', 'true')
  here.git('rm', '-q', '--cached', '-r', '.')
  here.git('reset', '-q', '--hard')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { 'shared.md': 'a\nb\n' })
  await until('it', () => bytes(here.root, 'shared.md') === 'a\r\nb\r\n')
  await until('nothing left', () => here.git('status', '--porcelain') === '')
})

test('a filter of the user’s writes the file, and one that fails keeps only its own files here', async () => {
  const { here, there } = makeMachines({
    ...files,
    '.gitattributes': '*.up filter=up\n*.bad filter=bad\n',
    'x.bad': 'old\n',
  })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  here.git('config', 'filter.up.smudge', 'tr a-z A-Z')
  here.git('config', 'filter.up.clean', 'tr A-Z a-z')
  here.git('config', 'filter.bad.smudge', 'false')
  here.git('config', 'filter.bad.clean', 'cat')
  here.git('config', 'filter.bad.required', 'true')
  pushFrom(there, { 'y.up': 'loud\n', 'x.bad': 'new\n', 'shared.md': 'b\n' })
  await until('the rest', () => bytes(here.root, 'shared.md') === 'b\n', 20_000)
  expect(bytes(here.root, 'y.up')).toBe('LOUD\n')
  expect(bytes(here.root, 'x.bad')).toBe('old\n')
  await daemon.sync(null)
  expect(here.show('origin/main:x.bad')).toBe('new\n')
})

test('a submodule that moves on is left to its owner', async () => {
  const inner = makeRepo({ 'in.md': '1\n' })
  onTestFinished(() => inner.dispose())
  const { here, there } = makeMachines(files)
  const allowed = ['-c', 'protocol.file.allow=always']
  there.git(...allowed, 'submodule', 'add', '-q', inner.root, 'sub')
  there.git('commit', '-q', '-m', 'a submodule')
  there.git('push', '-q')
  here.git('pull', '-q')
  here.git(...allowed, 'submodule', 'update', '-q', '--init')
  const at = here.git('-C', 'sub', 'rev-parse', 'HEAD')
  inner.write('in.md', '2\n')
  inner.git('commit', '-q', '-am', 'second')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.git('-C', 'sub', 'pull', '-q', inner.root)
  pushFrom(there, { 'shared.md': 'b\n' })
  await until('the rest', () => bytes(here.root, 'shared.md') === 'b\n')
  await until('HEAD', () => here.git('rev-parse', 'HEAD') === there.git('rev-parse', 'HEAD'))
  expect(here.git('-C', 'sub', 'rev-parse', 'HEAD')).toBe(at)
  expect(here.git('ls-tree', 'HEAD', 'sub')).toBe(there.git('ls-tree', 'HEAD', 'sub'))
})

test('a merge is signed where commits are', async () => {
  const { here, there } = makeMachines(files)
  const key = join(here.root, '..', 'key')
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  here.git('config', 'gpg.format', 'ssh')
  here.git('config', 'user.signingKey', key)
  here.git('config', 'commit.gpgSign', 'true')
  here.write('mine.md', 'mine\n')
  here.git('add', '-A')
  here.git('commit', '-q', '-m', 'mine')
  pushFrom(there, { 'shared.md': 'b\n' })
  const { daemon } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toBeNull()
  expect(here.git('rev-list', '--count', '--merges', 'HEAD')).toBe('1')
  expect(here.gitBytes(['cat-file', 'commit', 'HEAD']).toString()).toContain('BEGIN SSH SIGNATURE')
})

test('files in place of links and directories, and back', async () => {
  const { here, there } = makeMachines({ ...files, 'd/x.md': 'x\n', f: 'file\n', 'run.sh': 'echo\n' })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  rmSync(join(there.root, 'd'), { recursive: true })
  there.write('d', 'now a file\n')
  rmSync(join(there.root, 'f'))
  there.write('f/y.md', 'now a directory\n')
  chmodSync(join(there.root, 'run.sh'), 0o755)
  execFileSync('ln', ['-s', 'first.md', join(there.root, 'link')])
  there.git('add', '-A')
  there.git('commit', '-q', '-m', 'swapped')
  there.git('push', '-q')
  await until('nothing left', () => here.git('rev-parse', 'HEAD') === there.git('rev-parse', 'HEAD'))
  await until('nothing left', () => here.git('status', '--porcelain') === '')
  expect(bytes(here.root, 'd')).toBe('now a file\n')
  expect(bytes(here.root, 'f/y.md')).toBe('now a directory\n')
  expect(bytes(here.root, 'link')).toBe('first\n')
})

test('an empty directory of somebody’s where a file comes is no obstacle', async () => {
  const { here, there } = makeMachines(files)
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  mkdirSync(join(here.root, 'build', 'empty'), { recursive: true })
  pushFrom(there, { build: 'a file\n', 'shared.md': 'b\n' })
  await until('the file', () => bytes(here.root, 'build') === 'a file\n')
  await until('nothing left', () => here.git('status', '--porcelain') === '')
})

test('a submodule that becomes a file comes as one', async () => {
  const inner = makeRepo({ 'in.md': '1\n' })
  onTestFinished(() => inner.dispose())
  const { here, there } = makeMachines(files)
  there.git('-c', 'protocol.file.allow=always', 'submodule', 'add', '-q', inner.root, 'sub')
  there.git('commit', '-q', '-m', 'a submodule')
  there.git('push', '-q')
  here.git('pull', '-q')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.git('rm', '-q', '-f', 'sub')
  pushFrom(there, { sub: 'a file\n' })
  await until('the file', () => bytes(here.root, 'sub') === 'a file\n')
  await until('nothing left', () => here.git('status', '--porcelain') === '')
})

test('a push that takes the attributes away takes away what they did, and a name of any letters may have a filter', async () => {
  const { here, there } = makeMachines({ ...files, '.gitattributes': '*.txt text eol=crlf\n', 'a.txt': 'a\n' })
  const { daemon, told } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { '.gitattributes': null, 'a.txt': 'b\n' })
  await until('it', () => bytes(here.root, 'a.txt') === 'b\n')
  await until('nothing left', () => here.git('status', '--porcelain') === '')
  here.git('config', 'filter.bad.smudge', 'false')
  here.git('config', 'filter.bad.required', 'true')
  pushFrom(there, { '.gitattributes': '*.bad filter=bad\n' })
  await until('the attributes', () => bytes(here.root, '.gitattributes') !== null)
  pushFrom(there, { 'é.bad': 'b\n', 'shared.md': 'b\n' })
  await until('the rest', () => bytes(here.root, 'shared.md') === 'b\n')
  const isHeld = async (): Promise<boolean> =>
    (await daemon.sync(null)).held.some(({ path }) => path === pathBytes('é.bad'))
  await until(`what could not be written is held: ${told.join('\n')}`, isHeld)
})
