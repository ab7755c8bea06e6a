import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

function replaceByDirectory(repo: TempRepo, path: string, inside: string | null): void {
  rmSync(join(repo.root, path))
  mkdirSync(join(repo.root, path))
  if (inside !== null) writeFileSync(join(repo.root, path, inside), 'inside\n')
}

test('files that became directories while nobody looked are deleted, and what is in them is added', async () => {
  const repo = makeRepo({ 'f.md': 'f\n', 'g.ts': 'g\n', 'h.md': 'h\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  replaceByDirectory(repo, 'f.md', 'x.md')
  replaceByDirectory(repo, 'g.ts', null)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  expect(await daemon.sync(null)).toMatchObject({ ok: true, problem: null })
  const paths = (): string => remote.git('ls-tree', '-r', '--name-only', 'main')
  await until('both halves', () => paths() === 'f.md/x.md\nh.md', 10_000)

  replaceByDirectory(repo, 'h.md', 'y.md')
  await until('the same while watched', () => paths() === 'f.md/x.md\nh.md/y.md', 10_000)
})

test('a directory whose place a link took is deleted file by file, and comes back the same way', async () => {
  const repo = makeRepo({ 'd/a.md': 'a\n', 'd/e/b.md': 'b\n', 'f/c.md': 'c\n', 'g.md': 'g\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const paths = (): string => remote.git('ls-tree', '-r', '--name-only', 'main').replaceAll('\n', ' ')
  const moveAway = (name: string): void => {
    renameSync(join(repo.root, name), join(repo.root, '..', name))
    symlinkSync(join('..', name), join(repo.root, name))
  }
  moveAway('d')
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  expect(await daemon.sync(null)).toMatchObject({ ok: true, held: [], problem: null })
  await until('both halves', () => paths() === 'd f/c.md g.md', 10_000)

  moveAway('f')
  await until('the same while watched', () => paths() === 'd f g.md', 10_000)
  await until('a clean tree', () => repo.git('status', '--porcelain') === '')
  expect(remote.git('ls-tree', 'main', 'f').startsWith('120000')).toBe(true)

  unlinkSync(join(repo.root, 'd'))
  renameSync(join(repo.root, '..', 'd'), join(repo.root, 'd'))
  await until('the directory again', () => paths() === 'd/a.md d/e/b.md f g.md', 10_000)
  await until('a clean tree', () => repo.git('status', '--porcelain') === '')
})
