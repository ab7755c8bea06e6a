import { mkdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

async function start(files: Readonly<Record<string, string>>) {
  const repo = makeRepo({ 'kept.md': 'kept\n', ...files })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  await daemon.sync(null)
  const at = (path: string): string => join(repo.root, path)
  const there = (): string => remote.git('ls-tree', '-r', '--name-only', 'main').split('\n').join(' ')
  return { repo, daemon, at, there }
}

test('a file renamed to where it is not synced is not deleted from the remote, and is told', async () => {
  const { daemon, at, there } = await start({ 'work.log': 'one\n', 'd/todo.md': 'todo\n' })
  renameSync(at('work.log'), at('journal.log'))
  renameSync(at('d/todo.md'), at('d/todo.tmp'))
  const { held } = await daemon.sync(null)
  expect(held.map(({ path }) => path).toSorted((one, other) => one.localeCompare(other))).toEqual([
    'd/todo.md',
    'work.log',
  ])
  expect(held.find(({ path }) => path === 'work.log')?.reason).toMatch(
    /^was renamed to journal\.log, which is not synced \(untracked and a log\): .*workspace-sync ack work\.log$/,
  )
  expect(there()).toBe('d/todo.md kept.md work.log')

  renameSync(at('journal.log'), at('work.log'))
  rmSync(at('d/todo.tmp'))
  expect((await daemon.sync(null)).held).toEqual([])
  await until('the deletion that is one', () => there() === 'kept.md work.log')
})

test('what moves into a repository that was begun beside it is not deleted from the remote', async () => {
  const { repo, daemon, at, there } = await start({ 'p/one.ts': 'one\n', 'p/two.ts': 'two\n' })
  repo.git('init', '-q', 'p')
  mkdirSync(at('p/src'))
  renameSync(at('p/one.ts'), at('p/src/one.ts'))
  const { held } = await daemon.sync(null)
  expect(held).toMatchObject([{ path: 'p/one.ts', reason: expect.stringContaining('renamed to p/src/one.ts') }])
  expect(there()).toBe('kept.md p/one.ts p/two.ts')
})

test('with a rule that allows the new name, both halves leave', async () => {
  const { repo, daemon, at, there } = await start({ 'work.log': 'one\n' })
  renameSync(at('work.log'), at('journal.log'))
  expect((await daemon.sync(null)).held.map(({ path }) => path)).toEqual(['work.log'])
  repo.write('.workspace-sync/filters/logs.rules', 'ALLOW:journal.log:mine\n')
  await until('the new name', () => there() === '.workspace-sync/filters/logs.rules journal.log kept.md', 10_000)
})

test('a copy that is not synced keeps no deletion back', async () => {
  const { repo, daemon, at, there } = await start({ 'a.md': 'a\n', 'b.md': 'b\n' })
  repo.write('a.md.bak', 'a\n')
  await daemon.sync(null)
  rmSync(at('a.md'))
  await until('the deletion', () => there() === 'b.md kept.md')
})

test('what is renamed to where git ignores it is deleted: git was told to ignore it', async () => {
  const { daemon, at, there } = await start({ '.gitignore': '*.ign\n', 'a.md': 'a\n' })
  renameSync(at('a.md'), at('a.ign'))
  expect((await daemon.sync(null)).held).toEqual([])
  await until('the deletion', () => there() === '.gitignore kept.md')
})

test('an empty file that is not synced is not what an empty one was renamed to', async () => {
  const { repo, daemon, at, there } = await start({ 'a.md': '' })
  rmSync(at('a.md'))
  repo.write('empty.log', '')
  expect((await daemon.sync(null)).held).toEqual([])
  await until('the deletion', () => there() === 'kept.md')
})
