import { chmodSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { diceOf, drawSeed } from '../support/seed.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, workspaceOf } from '../support/workspace.ts'

// Many processes at once; on a busy machine they take turns.
vi.setConfig({ testTimeout: 45_000 })

const numbered = (count: number, path: (i: number) => string): Record<string, string> =>
  Object.fromEntries(Array.from({ length: count }, (_, i) => [path(i), `file ${i}\n`]))

test.concurrent('files that are made and deleted at any moment disturb nothing and leave nothing', async (context) => {
  const dice = diceOf(drawSeed())
  const workspace = makeWorkspace(context)
  const daemon = await startDaemon(workspace)
  const names = Array.from({ length: 40 }, () => dice.word(8))
  const passing = async (i: number): Promise<void> => {
    await sleep(dice.between(0, 1_500))
    const path = `docs/${names[i] ?? ''}.md`
    workspace.repo.write(path, `${i}\n`)
    await sleep(dice.between(0, 700))
    rmSync(join(workspace.root, path))
  }
  await Promise.all(names.map((_, i) => passing(i)))
  workspace.repo.write('stays.md', 'stays\n')
  const rest = ['first.md', 'stays.md']
  const isSettled = (): boolean => workspace.remotePaths().join() === rest.join()
  await until('the remote has what stays, and that only', isSettled, 15_000)
  await until('the index knows it too', () => workspace.repo.git('status', '--porcelain') === '', 10_000)
  expect(daemon.status()?.held).toEqual([])
  expect(daemon.out()).not.toContain('failed')
})

test.concurrent('a touch, the same bytes again, and a mode that git does not know make no commit', async (context) => {
  const workspace = makeWorkspace(context, { 'touched.md': 'same\n', 'again.md': 'same\n', 'mode.md': 'same\n' })
  const { repo, root } = workspace
  await startDaemon(workspace)
  const before = repo.git('rev-parse', 'HEAD')
  const touched = statSync(join(root, 'touched.md'))
  utimesSync(join(root, 'touched.md'), touched.atime, new Date())
  repo.write('again.md', 'something else for a moment\n')
  repo.write('again.md', 'same\n')
  chmodSync(join(root, 'mode.md'), 0o600)
  await sleep(1_000)
  repo.write('real.md', 'real\n')
  await until('the real edit is on the remote', () => workspace.onRemote('real.md') === 'real\n', 10_000)
  expect(repo.git('log', '--format=', '--name-status', `${before}..`)).toBe('A\treal.md')
})

test.concurrent(
  'a directory renamed is the same files elsewhere, and no commit has one half of a rename only',
  async (context) => {
    const files = numbered(60, (i) => `old/sub-${i % 7}/deep/file-${i}.md`)
    const workspace = makeWorkspace(context, files)
    const { repo, root } = workspace
    expect((await workspace.run(['init'])).code).toBe(0)
    // Quick, but longer than it takes until the new names were looked at, as every quiet period is by default.
    await startDaemon(workspace, { sets: ['debounce.code=1s'] })
    const before = repo.git('rev-parse', 'HEAD')
    renameSync(join(root, 'old'), join(root, 'new'))
    const moved = Object.keys(files).map((path) => path.replace('old/', 'new/'))
    const isMoved = (): boolean => workspace.remotePaths().join() === moved.toSorted().join()
    await until('the remote has moved them', isMoved, 15_000)
    const changes = repo.git('log', '--find-renames=100%', '-l1000', '--name-status', '--format=', `${before}..`)
    const lines = changes.split('\n').filter(Boolean)
    expect(lines).toHaveLength(60)
    expect(lines.filter((line) => !line.startsWith('R100'))).toEqual([])
    // The new place is watched like the old one.
    repo.write('new/sub-3/deep/later.md', 'later\n')
    await until('an edit in it arrives', () => workspace.onRemote('new/sub-3/deep/later.md') === 'later\n', 10_000)
  },
)

test.concurrent('a branch without a commit and an empty remote begin with the first save', async (context) => {
  const repo = makeRepo()
  context.onTestFinished(() => repo.dispose())
  const workspace = workspaceOf(context, repo, addRemote(repo))
  await startDaemon(workspace)
  repo.write('first.md', 'first\n')
  await until('the first save is on the remote', () => workspace.onRemote('first.md') === 'first\n', 10_000)
  repo.write('second.md', 'second\n')
  await until('the second too', () => workspace.onRemote('second.md') === 'second\n', 10_000)
  expect(workspace.remote.git('log', '--format=%P', 'main').trim().split('\n')).toHaveLength(1)
  await until('the index knows it too', () => repo.git('status', '--porcelain') === '', 10_000)
})

test.concurrent('of a mass deletion amid edits, the deletions are held and the edits go through', async (context) => {
  const dice = diceOf(drawSeed())
  const files = numbered(530, (i) => `docs/${i % 20}/${dice.word(7)}-${i}.md`)
  const workspace = makeWorkspace(context, files)
  const { repo, root } = workspace
  expect((await workspace.run(['init'])).code).toBe(0)
  // Quick, but not so quick that the first of the deletions leave before the script has come far.
  const daemon = await startDaemon(workspace, { sets: ['debounce.immediate=1s'] })
  const doomed = Object.keys(files).slice(0, 350)
  const edited = Object.keys(files).slice(350, 380)
  for (const [i, path] of doomed.entries()) {
    if (i % 50 === 0) await sleep(60)
    const edit = edited[i / 10]
    if (edit !== undefined) repo.write(edit, `edited ${i}\n`)
    rmSync(join(root, path))
  }
  const onRemote = (path: string): boolean => workspace.onRemote(path) === readFileSync(join(root, path), 'utf8')
  await until('every edit is on the remote', () => edited.every(onRemote), 15_000)
  const reason = 'is one of very many deletions at once'
  const held = (): readonly string[] =>
    daemon.status()?.held.map((one) => `${one.path} ${one.reason.slice(0, reason.length)}`) ?? []
  const expected = doomed.map((path) => `${path} ${reason}`).toSorted()
  await until('the deletions are held', () => held().toSorted().join('\n') === expected.join('\n'), 15_000)
  expect(workspace.remotePaths()).toHaveLength(530)
  const sync = await workspace.run(['sync'])
  expect(sync.code).toBe(4)
  expect(sync.err).toContain('held: 350 paths')
  expect(workspace.remotePaths()).toHaveLength(530)
  expect(repo.git('ls-files').split('\n')).toHaveLength(530)
})
