import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { launchDaemon, startDaemon, type DaemonProcess } from '../support/daemon.ts'
import { everyPath } from '../support/listing.ts'
import { diceOf, drawSeed } from '../support/seed.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'

const rounds = 10

test.concurrent(
  'killed again and again amid edits, it loses nothing and leaves nothing',
  async (context) => {
    const dice = diceOf(drawSeed())
    const workspace = makeWorkspace(context, { 'docs/first.md': 'first\n', 'docs/mine.md': 'one\ntwo\nthree\n' })
    const { repo, root, remote } = workspace
    // Staged by the user before it all, and to be found the same afterwards.
    repo.write('docs/mine.md', 'one\ntwo, staged\nthree\n')
    repo.git('add', 'docs/mine.md')
    const staged = repo.git('diff', '--cached')
    const edits = new Map<string, string>()
    let editing = true
    const edit = async (): Promise<void> => {
      while (editing) {
        const known = [...edits.keys()]
        const path = known.length > 3 && dice.next() < 0.5 ? dice.pick(known) : `docs/${dice.word(8)}.md`
        const text = `${dice.word(30)}\n`
        repo.write(path, text)
        edits.set(path, text)
        await sleep(dice.between(5, 120))
      }
    }
    const edited = edit()
    let daemon: DaemonProcess | null = null
    for (let round = 0; round < rounds; round++) {
      daemon = launchDaemon(workspace)
      const tip = tipOf(root)
      // Somewhere in its start, or right behind a commit: while the index learns of it and the push is under way.
      if (dice.next() < 0.3) await sleep(dice.between(100, 700))
      else await until('it commits', () => tipOf(root) !== tip, 30_000)
      await sleep(dice.between(0, 40))
      await daemon.kill9()
    }
    editing = false
    await edited
    daemon = await startDaemon(workspace)
    const isThere = (): boolean => [...edits].every(([path, text]) => workspace.onRemote(path) === text)
    await until('every edit is on the remote', isThere, 30_000)
    await daemon.stop()
    console.log(`${edits.size} files, ${repo.git('rev-list', '--count', 'HEAD')} commits, ${rounds} kills`)

    repo.git('fsck', '--strict', '--no-dangling')
    remote.git('fsck', '--strict')
    expect(everyPath(join(root, '.git')).filter((path) => path.endsWith('.lock'))).toEqual([])
    expect(repo.git('diff', '--cached')).toBe(staged)
    expect(repo.git('status', '--porcelain')).toBe('M  docs/mine.md')
    expect(remote.git('rev-parse', 'main')).toBe(repo.git('rev-parse', 'HEAD'))
    const trees = repo.git('log', '--format=%T').split('\n')
    expect(new Set(trees).size).toBe(trees.length)
    const ids = repo
      .git('log', '--format=%(trailers:key=Workspace-Sync-Id,valueonly,separator=)')
      .split('\n')
      .filter(Boolean)
    expect(new Set(ids).size).toBe(ids.length)
    expect(repo.git('log', '--format=%p', '--min-parents=2')).toBe('')
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

function tipOf(root: string): string {
  return readFileSync(join(root, '.git', 'refs', 'heads', 'main'), 'utf8').trim()
}
