import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, tempDirectory, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

async function start(files: Readonly<Record<string, string>>) {
  const repo = makeRepo({ 'kept.md': 'kept\n', ...files })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo, { sets: ['reconcile.interval=1h'] })
  onTestFinished(stop)
  await daemon.sync(null)
  const there = (): string => remote.git('ls-tree', '-r', '--name-only', 'main').split('\n').join(' ')
  const show = (path: string): string => remote.git('show', `main:${path}`)
  return { repo, at: (path: string) => join(repo.root, path), there, show }
}

const many = Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`more/${n}.md`, `${n}\n`]))

test('of a directory that another one replaces, what is not in the other is deleted, however quick it was', async () => {
  const { at, there } = await start({
    ...many,
    'a/1.md': '1\n',
    'a/s/2.md': '2\n',
    'a/s/3.md': '3\n',
    'b/1.md': '1\n',
  })
  const elsewhere = tempDirectory()
  onTestFinished(() => elsewhere.dispose())
  mkdirSync(join(elsewhere.path, 'new/s'), { recursive: true })
  writeFileSync(join(elsewhere.path, 'new/s/3.md'), 'three\n')
  renameSync(at('a'), join(elsewhere.path, 'old'))
  renameSync(join(elsewhere.path, 'new'), at('a'))
  await until('the first', () => there() === `a/s/3.md b/1.md kept.md ${Object.keys(many).toSorted().join(' ')}`)
  rmSync(at('b'), { recursive: true })
  mkdirSync(at('b'))
  writeFileSync(at('b/other.md'), 'other\n')
  await until('the second', () => there().startsWith('a/s/3.md b/other.md kept.md'))
})

function edit(repo: TempRepo, path: string, text: string): void {
  writeFileSync(join(repo.root, path), text)
}

test('what is tracked goes on being synced where a repository begins beside it, and the rest of that stays out', async () => {
  const { repo, there, show } = await start({ 'p/f.md': 'f\n', 'p/deep/g.md': 'g\n' })
  repo.git('init', '-q', 'p')
  edit(repo, 'p/f.md', 'edit\n')
  await until('the edit', () => show('p/f.md') === 'edit')
  edit(repo, 'p/deep/g.md', 'edit\n')
  edit(repo, 'p/new.md', 'theirs\n')
  await until('the edit below', () => show('p/deep/g.md') === 'edit')
  rmSync(join(repo.root, 'p/f.md'))
  await until('the deletion', () => there() === 'kept.md p/deep/g.md')
})

test('a `.git` that is no repository for git hides nothing', async () => {
  const { repo, there, show } = await start({})
  mkdirSync(join(repo.root, 'n/.git'), { recursive: true })
  edit(repo, 'n/f.md', 'f\n')
  await until('the file', () => there() === 'kept.md n/f.md')
  mkdirSync(join(repo.root, 'm'))
  edit(repo, 'm/.git', 'gitdir: /nowhere/at/all\n')
  edit(repo, 'm/f.md', 'f\n')
  await until('the other', () => there() === 'kept.md m/f.md n/f.md')
  edit(repo, 'm/f.md', 'edit\n')
  await until('its edit', () => show('m/f.md') === 'edit')
})

test('an ignored directory is watched as soon as somebody commits a file in it', async () => {
  const { repo, at, there, show } = await start({ '.gitignore': 'out/\n' })
  mkdirSync(at('y/out'), { recursive: true })
  edit(repo, 'y/out/f.md', 'one\n')
  edit(repo, 'kept.md', 'passed\n')
  await until('a look at it', () => show('kept.md') === 'passed')
  // The daemon's own commit may hold the index for a moment.
  await until('the index', () => !existsSync(at('.git/index.lock')) && repo.git('status', '--porcelain') === '')
  repo.git('add', '-f', 'y/out/f.md')
  repo.git('commit', '-q', '-m', 'by force')
  await until('the commit', () => there().includes('y/out/f.md'))
  edit(repo, 'y/out/f.md', 'two\n')
  await until('the first edit', () => show('y/out/f.md') === 'two')
  edit(repo, 'y/out/f.md', 'three\n')
  await until('the second', () => show('y/out/f.md') === 'three')
})
