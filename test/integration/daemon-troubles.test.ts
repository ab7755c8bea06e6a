import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { StatusFile } from '../../src/report/report.ts'
import { branchView } from '../support/branch-view.ts'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, gitEnvironment, makeRepo, openRepoAt, runGit, tempDirectory } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })

const sets = ['retry.delays=["200ms"]', 'health.minFreeDisk=0B']
const patienceMs = 30_000

function standsInTheWay(root: string, name: string): Promise<void> {
  const status = (): StatusFile =>
    JSON.parse(readFileSync(join(root, '.git/workspace-sync/status.json'), 'utf8')) as StatusFile
  return until(name, () => status().reason?.startsWith(name) === true, patienceMs)
}

test('without a name to commit in nothing is lost, and one that is configured for the user is noticed', async (context) => {
  const repo = makeRepo({ 'docs/a.md': 'first\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  repo.git('config', 'user.useConfigOnly', 'true')
  const global = join(dirname(repo.root), 'gitconfig')
  writeFileSync(global, '')
  const nameless = Object.entries(gitEnvironment).filter(([name]) => !/_(?:NAME|EMAIL)$/.test(name))
  const environment = { ...Object.fromEntries(nameless), GIT_CONFIG_GLOBAL: global }
  const { told, stop } = await startHere(repo, { git: { environment }, sets })
  context.onTestFinished(stop)
  repo.write('docs/a.md', 'second\n')
  await standsInTheWay(repo.root, 'identity')
  expect(told.filter((line) => line.includes('git config user.name'))).toHaveLength(1)
  writeFileSync(global, '[user]\n\tname = A. Tester\n\temail = tester@example.invalid\n')
  const there = branchView(remote, remote.root)
  await until('it goes on by itself', () => there.content('docs/a.md') === 'second\n', patienceMs)
})

/** A disk of its own, so that nobody else's is filled. */
function smallDisk(context: { onTestFinished(tidy: () => void): void }): string {
  const place = tempDirectory()
  const disk = join(place.path, 'disk')
  mkdirSync(disk)
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=6m', 'tmpfs', disk])
  expect(mounted.status, 'this test needs root to mount a small disk').toBe(0)
  context.onTestFinished(() => {
    spawnSync('umount', ['-l', disk])
    place.dispose()
  })
  return disk
}

test('a full disk is told by name, loses nothing, and goes on when there is room again', async (context) => {
  const disk = smallDisk(context)
  const outside = makeRepo({ 'docs/a.md': 'first\n' })
  context.onTestFinished(() => outside.dispose())
  const remote = addRemote(outside)
  runGit(disk, ['clone', '-q', remote.root, 'work'])
  const repo = openRepoAt(join(disk, 'work'))
  const { told, stop } = await startHere(repo, { sets })
  context.onTestFinished(stop)
  const there = branchView(remote, remote.root)
  repo.write('docs/a.md', 'second\n')
  await until('the edit before', () => there.content('docs/a.md') === 'second\n', patienceMs)
  const filler = join(disk, 'filler')
  spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'])
  // A change that itself needs no room.
  chmodSync(join(repo.root, 'docs/a.md'), 0o755)
  await until('it is told', () => told.some((line) => line.endsWith('free disk space')), patienceMs)
  rmSync(filler)
  await until(
    'the mode is on the remote',
    () => remote.git('ls-tree', 'main', 'docs/a.md').startsWith('100755'),
    patienceMs,
  )
  repo.write('docs/a.md', 'last\n')
  await until('the edit after', () => there.content('docs/a.md') === 'last\n', patienceMs)
  for (const { git } of [repo, remote]) git('fsck', '--strict')
  await until('nothing is left to do', () => repo.git('status', '--porcelain') === '', patienceMs)
})

test('a branch that a power cut broke is told with the way to mend it, and mended it goes on', async (context) => {
  const repo = makeRepo({ 'docs/a.md': 'first\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const oid = repo.git('rev-parse', 'HEAD')
  const { daemon, told, stop } = await startHere(repo, { sets })
  context.onTestFinished(stop)
  const branch = join(repo.root, '.git/refs/heads/main')
  writeFileSync(branch, '')
  repo.write('docs/a.md', 'second\n')
  const remedy = `run: echo ${oid} > ${branch}`
  await until('it is told', () => told.some((line) => line.includes(remedy)), patienceMs)
  expect(await daemon.sync(null)).toMatchObject({ ok: false, problem: expect.stringContaining('is broken'), remedy })
  writeFileSync(branch, `${oid}\n`)
  const there = branchView(remote, remote.root)
  await until('it goes on by itself', () => there.content('docs/a.md') === 'second\n', patienceMs)
})
