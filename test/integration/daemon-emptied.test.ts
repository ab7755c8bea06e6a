import { mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startHere, type DaemonHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

interface Scene extends DaemonHere {
  readonly repo: TempRepo
  /** What the remote has, by name. */
  sent(): string
}

const files = { 'a.md': 'a\n', 'b.ts': 'b\n', 'deep/c.json': '{}\n' }

async function begin(prepare: (repo: TempRepo) => void = () => undefined): Promise<Scene> {
  const repo = makeRepo(files)
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  prepare(repo)
  const here = await startHere(repo)
  onTestFinished(here.stop)
  return { ...here, repo, sent: () => remote.git('ls-tree', '-r', '--name-only', 'main').replaceAll('\n', ' ') }
}

function empty(repo: TempRepo): void {
  for (const name of ['a.md', 'b.ts', 'deep']) rmSync(join(repo.root, name), { recursive: true })
}

test('a work tree that was emptied is not committed as deletions, and goes on when it is filled again', async () => {
  const { daemon, repo, sent } = await begin()
  empty(repo)
  const { held } = await daemon.sync(null)
  expect(held.map(({ path }) => path).toSorted()).toEqual(Object.keys(files))
  expect(held[0]?.reason).toMatch(/of all files there were.*git restore.*workspace-sync ack/)
  for (const [path, text] of Object.entries(files)) repo.write(path, text)
  repo.write('d.md', 'd\n')
  await until('the new file is sent', () => sent() === 'a.md b.ts d.md deep/c.json', 20_000)
  expect((await daemon.sync(null)).held).toEqual([])
})

test('the mount point of a disk that is gone, with its git directory elsewhere, is no deletion either', async () => {
  const { daemon, repo, sent } = await begin((made) => {
    renameSync(join(made.root, '.git'), `${made.root}.git`)
    made.write('.git', `gitdir: ${made.root}.git\n`)
  })
  renameSync(repo.root, `${repo.root}-away`)
  mkdirSync(repo.root)
  const during = await daemon.sync(null)
  expect(during.ok).toBe(false)
  expect(sent()).toBe('a.md b.ts deep/c.json')
  rmSync(repo.root, { recursive: true })
  renameSync(`${repo.root}-away`, repo.root)
  repo.write('a.md', 'more\n')
  await until('it goes on', async () => (await daemon.sync(null)).ok, 30_000)
  expect(sent()).toBe('a.md b.ts deep/c.json')
})

test('a folder that holds all there is and became a link to elsewhere is emptied, whatever lies there', async () => {
  const { daemon, repo, sent } = await begin((made) => {
    made.git('mv', 'a.md', 'b.ts', 'deep')
    made.git('commit', '-q', '-m', 'all below one folder')
    made.git('push', '-q', 'origin', 'main')
  })
  renameSync(join(repo.root, 'deep'), `${repo.root}-deep`)
  symlinkSync(`${repo.root}-deep`, join(repo.root, 'deep'))
  repo.write('d.md', 'd\n')
  await daemon.sync(null)
  expect(sent()).toContain('deep/a.md deep/b.ts deep/c.json')
})

test('what was moved into a folder as a whole has only other names', async () => {
  const { daemon, repo, sent } = await begin()
  mkdirSync(join(repo.root, 'all'))
  for (const name of ['a.md', 'b.ts', 'deep']) renameSync(join(repo.root, name), join(repo.root, 'all', name))
  expect(await daemon.sync(null)).toMatchObject({ ok: true, held: [] })
  expect(sent()).toBe('all/a.md all/b.ts all/deep/c.json')
})
