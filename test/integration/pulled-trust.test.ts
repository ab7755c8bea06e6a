import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { HeldPath } from '../../src/types.ts'
import { cliIn } from '../support/run-cli.ts'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null

const run = async ({ root }: TempRepo, ...args: readonly string[]): Promise<string> => (await cliIn(root, ...args)).said

function executable(repo: TempRepo, path: string, text: string): void {
  repo.write(path, text)
  chmodSync(join(repo.root, path), 0o755)
}

test('a hook that comes with a pull does not run here before somebody said ack', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', '.githooks/commit-msg': '#!/bin/sh\nexit 0\n' })
  here.git('config', 'core.hooksPath', '.githooks')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  there.write('a.md', 'A\n')
  executable(there, '.githooks/commit-msg', '#!/bin/sh\ntouch ran\n')
  there.git('commit', '-q', '-am', 'a hook')
  there.git('push', '-q')
  await until('the pause', async () => ((await daemon.sync(null)).problem ?? '').includes('changes what git runs here'))
  here.write('b.md', 'b\n')
  await until('my edit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('b.md'))
  expect(read(here.root, 'a.md')).toBe('a\n')
  expect(existsSync(join(here.root, 'ran'))).toBe(false)

  expect(await run(here, 'ack', '.githooks/commit-msg')).toContain('acknowledged')
  await until('what was pushed', () => read(here.root, 'a.md') === 'A\n')
  await until('both on the remote', () => remote.git('ls-tree', '--name-only', 'main').includes('b.md'))
})

test('a hook that is a link into the work tree does not become another program by a pull', async () => {
  const { here, there } = makeMachines({ 'scripts/check.sh': '#!/bin/sh\nexit 0\n' })
  mkdirSync(join(here.root, '.git', 'hooks'), { recursive: true })
  symlinkSync('../../scripts/check.sh', join(here.root, '.git', 'hooks', 'commit-msg'))
  const { daemon, told } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { 'scripts/check.sh': '#!/bin/sh\ntouch ran\n' })
  await until('the pause', () => told.some((line) => line.startsWith('paused: waits-for-ack')))
  expect(read(here.root, 'scripts/check.sh')).toBe('#!/bin/sh\nexit 0\n')
})

test('what a link that comes with a pull will run waits with it, until both are acknowledged', async () => {
  const { here, there } = makeMachines({ 'tools/hooks/commit-msg': '#!/bin/sh\nexit 0\n' })
  here.git('config', 'core.hooksPath', 'tools/hooks')
  symlinkSync('../../docs/page.md', join(there.root, 'tools/hooks/pre-commit'))
  pushFrom(there, { 'docs/page.md': '#!/bin/sh\ntouch ran\n' })
  const { daemon } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toContain('docs/page.md, tools/hooks/pre-commit')
  await run(here, 'ack', 'docs/page.md', 'tools/hooks/pre-commit')
  await until('both', () => read(here.root, 'tools/hooks/pre-commit') !== null)
})

test('the way out is told as it can be typed, whatever the names', async () => {
  const { here, there } = makeMachines({ 'git hooks/commit-msg': '#!/bin/sh\nexit 0\n' })
  here.git('config', 'core.hooksPath', 'git hooks')
  pushFrom(there, { 'git hooks/commit-msg': '#!/bin/sh\ntouch ran\n' })
  const { daemon } = await startMachine(here)
  expect((await daemon.sync(null)).problem).toContain("workspace-sync ack 'git hooks/commit-msg'")
})

test('a hook that was taken back on the remote is not waited for any more', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', '.githooks/commit-msg': '#!/bin/sh\nexit 0\n' })
  here.git('config', 'core.hooksPath', '.githooks')
  const { daemon, told } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { '.githooks/commit-msg': '#!/bin/sh\ntouch ran\n' })
  await until('the pause', () => told.some((line) => line.startsWith('paused: waits-for-ack')))
  pushFrom(there, { '.githooks/commit-msg': '#!/bin/sh\nexit 0\n', 'a.md': 'A\n' })
  await until('the rest', () => read(here.root, 'a.md') === 'A\n')
})

test('a filter that lies in the work tree waits too; the same path without such a setting does not', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n', 'tools/clean.sh': '#!/bin/sh\ncat\n' })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { 'tools/clean.sh': '#!/bin/sh\ncat # 1\n' })
  await until('the tool', () => read(here.root, 'tools/clean.sh')?.includes('# 1') === true)
  here.git('config', 'filter.own.clean', 'sh ./tools/clean.sh %f')
  pushFrom(there, { 'tools/clean.sh': '#!/bin/sh\ncat # 2\n' })
  await until('the pause', async () => ((await daemon.sync(null)).problem ?? '').includes('tools/clean.sh'))
  expect(read(here.root, 'tools/clean.sh')).toContain('# 1')
})

test('what a pulled .gitignore exposes is held until somebody said ack; the rest is synced as ever', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n', '.gitignore': 'private/\n*.key\n' })
  here.write('private/diary.md', 'mine\n')
  here.write('x.key', 'mine\n')
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  pushFrom(there, { '.gitignore': '*.key\n' })
  await until('the rules', () => read(here.root, '.gitignore') === '*.key\n')
  here.write('b.md', 'b\n')
  // The rules lie there a moment before they are in force.
  let held: readonly HeldPath[] = []
  await until('it is held', async () => (held = (await daemon.sync(null)).held).length > 0)
  expect(held.map(({ path }) => path)).toEqual(['private/diary.md'])
  expect(held[0]?.reason).toContain('was ignored here until a pull')
  await until('the rest', () => remote.git('ls-tree', '-r', '--name-only', 'main').includes('b.md'))
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).not.toMatch(/private|key/)

  await run(here, 'ack', 'private/diary.md')
  await until('it', () => remote.git('ls-tree', '-r', '--name-only', 'main').includes('private/diary.md'))
})

test.each([
  ['.git/hooks/post-commit', 'a git directory'],
  ['sub/.GIT/config', 'another spelling of it'],
  ['git~1/config', 'its short name'],
  ['../outside', 'a way out'],
])('a tree that holds %s (%s) never reaches the work tree', async (path) => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const { daemon } = await startMachine(here)
  await daemon.sync(null)
  const blob = remote.gitBytes(['hash-object', '-w', '--stdin'], 'evil\n').toString().trim()
  const names = path.split('/')
  let entry = `100644 blob ${blob}\t${names.at(-1)}\0`
  for (const name of names.slice(0, -1).toReversed()) {
    entry = `040000 tree ${remote.gitBytes(['mktree', '-z'], entry).toString().trim()}\t${name}\0`
  }
  const old = remote.gitBytes(['ls-tree', '-z', 'main']).toString('latin1')
  const tree = remote
    .gitBytes(['mktree', '-z'], old + entry)
    .toString()
    .trim()
  const commit = remote.git('commit-tree', '-p', 'main', '-m', 'evil', tree)
  const before = here.git('rev-parse', 'HEAD')
  remote.git('update-ref', 'refs/heads/main', commit)
  await until('it is told', async () => (await daemon.sync(null)).problem !== null)
  expect(here.git('rev-parse', 'HEAD')).toBe(before)
  expect(existsSync(join(here.root, '..', 'outside'))).toBe(false)
  expect(existsSync(join(here.root, '.git', 'hooks', 'post-commit'))).toBe(false)
  expect(here.git('status', '--porcelain')).toBe('')
})

test('a link of the user’s where a directory comes is not followed', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  const outside = join(here.root, '..', 'elsewhere')
  mkdirSync(outside)
  symlinkSync(outside, join(here.root, 'docs'))
  const { daemon } = await startMachine(here)
  pushFrom(there, { 'docs/passwd': 'evil\n', 'a.md': 'A\n' })
  await until('the rest', () => read(here.root, 'a.md') === 'A\n')
  await daemon.sync(null)
  expect(existsSync(join(outside, 'passwd'))).toBe(false)
})
