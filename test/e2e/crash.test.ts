import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { playKills } from '../plays/kills.ts'
import { launchDaemon, startDaemon } from '../support/daemon.ts'
import { drawSeed } from '../support/seed.ts'
import { until } from '../support/until.ts'
import { cloneOf, makeWorkspace, program } from '../support/workspace.ts'

test.concurrent(
  'killed again and again amid edits and pushes of others, it loses nothing, repeats nothing and leaves nothing',
  async () => {
    const options = { seed: drawSeed(), kills: 6, endMs: Infinity, withChildrenShare: 0, program, log: () => {} }
    const result = await playKills(options)
    console.log(`${result.edits} edits, ${result.commits} commits, ${result.kills} kills`)
    expect(result).toMatchObject({ kills: 6, lost: [], faults: [] })
  },
  120_000,
)

test.concurrent('of many starts at once, one becomes the daemon', async (context) => {
  const workspace = makeWorkspace(context)
  // With the lock of a daemon that was killed in their way.
  const dead = await startDaemon(workspace)
  await dead.kill9()
  expect(readdirSync(workspace.stateDir)).toContain('daemon.lock')
  const starts = Array.from({ length: 5 }, () => launchDaemon(workspace))
  await until('four have given way', () => starts.filter((one) => one.hasEnded()).length >= 4, 30_000)
  const [alive, ...others] = starts.filter((one) => !one.hasEnded())
  expect(others).toEqual([])
  await alive?.says(' watching ')
  for (const one of starts.filter((start) => start !== alive)) {
    expect(await one.ended).toBe(0)
    expect(one.out()).toBe(`already running (pid ${alive?.pid})\n`)
  }
  workspace.repo.write('new.md', 'new\n')
  await until('it works', () => workspace.onRemote('new.md') === 'new\n', 30_000)
  expect(workspace.repo.git('rev-list', '--count', 'HEAD')).toBe('2')
  expect(await alive?.stop()).toBe(0)
  expect(readdirSync(workspace.stateDir)).not.toContain('daemon.lock')
  expect(readdirSync(workspace.stateDir)).not.toContain('status.json')
})

test.concurrent('the lock of a dead process is healed, also when its pid lives again', async (context) => {
  const workspace = makeWorkspace(context)
  const first = await startDaemon(workspace)
  await first.kill9()
  const lock = join(workspace.stateDir, 'daemon.lock')
  const owner = JSON.parse(readFileSync(lock, 'utf8')) as { pid: number; startTick: number }
  expect(owner.pid).toBe(first.pid)
  // Our own pid, but not our start: somebody else got the number.
  writeFileSync(lock, JSON.stringify({ ...owner, pid: process.pid }))
  const gone = await workspace.run(['status', '--json'])
  expect(gone.code).toBe(3)
  expect(JSON.parse(gone.out)).toMatchObject({ remedy: 'workspace-sync start', last: { ended: 'died', pending: 0 } })
  const second = await startDaemon(workspace)
  workspace.repo.write('new.md', 'new\n')
  await until('it works', () => workspace.onRemote('new.md') === 'new\n', 30_000)
  await second.kill9()
  writeFileSync(lock, 'damaged')
  const third = await startDaemon(workspace)
  expect(await third.stop()).toBe(0)
})

test.concurrent('an edit made while no daemon ran, and one made as it is stopped, are not lost', async (context) => {
  const workspace = makeWorkspace(context)
  workspace.repo.write('before.md', 'before\n')
  const first = await startDaemon(workspace, { sets: ['debounce.code=10m', 'debounce.immediate=10m'] })
  workspace.repo.write('during.md', 'during\n')
  expect(await first.stop()).toBe(0)
  expect(workspace.remotePaths()).toEqual(['first.md'])
  workspace.repo.write('between.md', 'between\n')
  await startDaemon(workspace)
  const all = ['before.md', 'between.md', 'during.md', 'first.md']
  await until('all are on the remote', () => workspace.remotePaths().join() === all.join(), 30_000)
})

test.concurrent(
  'killed while it places the files of a pull, it takes none of them for a change made here',
  async (context) => {
    const workspace = makeWorkspace(context)
    const { repo, remote } = workspace
    const colleague = cloneOf(workspace)
    const paths = Array.from({ length: 1_000 }, (_, at) => `theirs/${at % 100}/${at}.md`)
    for (const path of paths) colleague.write(path, `${path}\n`)
    colleague.write('first.md', 'theirs\n')
    colleague.git('add', '-A')
    colleague.git('commit', '-q', '-m', 'made elsewhere')
    const first = await startDaemon(workspace)
    const base = repo.git('rev-parse', 'HEAD')
    colleague.git('push', '-q')
    await until('something of it is placed', () => existsSync(join(workspace.root, 'theirs')), 30_000)
    await first.kill9()
    expect(repo.git('rev-parse', 'HEAD')).toBe(base)
    // What it finds there it has to judge by itself.
    renameSync(remote.root, `${remote.root}.away`)
    repo.write('mine.md', 'mine\n')
    const second = await startDaemon(workspace)
    await second.says('a pull was interrupted: ')
    expect(existsSync(join(workspace.root, 'theirs'))).toBe(false)
    await until('an edit is committed', () => repo.git('log', '-1', '--format=', '--name-only') === 'mine.md', 30_000)
    renameSync(`${remote.root}.away`, remote.root)
    const tip = colleague.git('rev-parse', 'HEAD')
    expect(await workspace.run(['sync'])).toMatchObject({ code: 0 })
    expect(repo.git('rev-list', '--count', `HEAD..${tip}`)).toBe('0')
    expect(workspace.onRemote('mine.md')).toBe('mine\n')
    expect(repo.git('log', '--format=', '--name-only', '--no-merges', `${tip}..HEAD`)).toBe('mine.md')
    expect(repo.git('status', '--porcelain')).toBe('')
    expect(repo.git('diff', '--name-only', tip)).toBe('mine.md')
  },
  90_000,
)
