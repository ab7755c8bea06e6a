import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { afterEach, expect, test } from 'vitest'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { GitEngine } from '../../src/git/git.ts'
import { pathBytes } from '../../src/types.ts'
import { commitPaths, eachEngine, entriesOf, memoryJournal, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

eachEngine(() => {
  test('thirty commits of a user against ours in a tight loop: none is lost, none undoes another', async () => {
    repo = makeRepo({ ours: '0\n', theirs: '0\n' })
    engine = await openEngine(repo)
    const run = promisify(execFile)
    const theirs = async (args: readonly string[]) => {
      try {
        await run('git', [...args], { cwd: repo.root, env: { ...gitEnvironment } })
        return true
      } catch {
        return false
      }
    }
    const progress = { attempts: 0, isUserDone: false }
    const theirDone: string[] = []
    const user = async () => {
      for (let round = 1; round <= 30; round += 1) {
        // A person pauses; without it the faster of two tight loops wins every race.
        const until = progress.attempts + 2
        while (progress.attempts < until) await new Promise((resolve) => void setImmediate(resolve))
        repo.write('theirs', `${round}\n`)
        const isDone = (await theirs(['add', 'theirs'])) && (await theirs(['commit', '-q', '-m', `user ${round}`]))
        if (isDone) theirDone.push(`user ${round}`)
      }
      progress.isUserDone = true
    }
    const ourDone: string[] = []
    const we = async () => {
      for (let round = 1; !progress.isUserDone; round += 1) {
        repo.write('ours', `${round}\n`)
        progress.attempts += 1
        const outcome = await commitPaths(engine, ['ours'], { message: `ours ${round}\n` })
        if (outcome.kind === 'committed') ourDone.push(`ours ${round}`)
        else expect(['head-moved', 'failed']).toContain(outcome.kind)
      }
    }
    await Promise.all([user(), we()])
    const subjects = repo.git('log', '--format=%s').split('\n')
    expect(theirDone.length).toBeGreaterThan(0)
    expect(ourDone.length).toBeGreaterThan(0)
    expect(subjects.toSorted()).toEqual([...theirDone, ...ourDone, 'first'].toSorted())
    // A user's commit that took our path along would undo ours.
    expect(
      repo
        .git('log', '--format=%s', '--', 'ours')
        .split('\n')
        .filter((line) => line.startsWith('user')),
    ).toEqual([])
    repo.git('fsck', '--strict')
  })

  test('HEAD moved since the plan was made: the plan is dropped and nothing is written', async () => {
    repo = makeRepo({ ours: '0\n' })
    engine = await openEngine(repo)
    const head = await engine.head()
    repo.write('ours', '1\n')
    const entries = await entriesOf(engine, [pathBytes('ours')], 'file')
    repo.git('commit', '-q', '--allow-empty', '-m', 'user')
    const plan = { id: 'x', ref: 'refs/heads/main', base: head.oid, entries, message: 'm' }
    expect(await engine.commit(plan, memoryJournal())).toEqual({ kind: 'head-moved' })
    repo.git('reset', '-q', '--soft', 'HEAD~1')
    repo.git('switch', '-q', '-c', 'other')
    expect(await engine.commit(plan, memoryJournal())).toEqual({ kind: 'head-moved' })
    expect(repo.git('log', '--format=%s', '--all')).toBe('first')
  })

  test('somebody begins a branch in the very moment of our commit: theirs has nothing staged and loses nothing', async () => {
    repo = makeRepo({ ours: '0\n' })
    engine = await openEngine(repo)
    repo.git('update-ref', 'refs/heads/theirs', 'HEAD')
    repo.write('ours', '1\n')
    // Written right before the branch is moved, when everything else has been asked.
    const journal = { write: () => void repo.git('symbolic-ref', 'HEAD', 'refs/heads/theirs') }
    expect(await commitPaths(engine, ['ours'], { journal })).toMatchObject({ kind: 'committed' })
    expect(repo.git('show', 'main:ours')).toBe('1')
    expect(repo.git('status', '--porcelain')).toBe(' M ours')
  })

  test('somebody else holds index.lock: we wait a moment, give up by name, and never touch it', async () => {
    repo = makeRepo({ ours: '0\n' })
    engine = await openEngine(repo, { deadlines: { lockMs: 100 } })
    const lock = join(repo.root, '.git', 'index.lock')
    writeFileSync(lock, 'theirs')
    repo.write('ours', '1\n')
    const outcome = await commitPaths(engine, ['ours'])
    expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'locked', heals: 'backoff' } })
    expect(outcome.kind === 'failed' && outcome.failure.detail).toContain(lock)
    await engine.recover(null, memoryJournal())
    expect(readFileSync(lock, 'utf8')).toBe('theirs')
    expect(repo.git('log', '--format=%s')).toBe('first')
    rmSync(lock)
    expect(await commitPaths(engine, ['ours'])).toMatchObject({ kind: 'committed' })
  })

  test('a lock that is let go while we wait is taken then', async () => {
    repo = makeRepo({ ours: '0\n' })
    engine = await openEngine(repo, { deadlines: { lockMs: 5000 } })
    const lock = join(repo.root, '.git', 'index.lock')
    writeFileSync(lock, 'theirs')
    repo.write('ours', '1\n')
    const [outcome] = await Promise.all([
      commitPaths(engine, ['ours']),
      new Promise<void>((resolve) => {
        setTimeout(() => {
          rmSync(lock)
          resolve()
        }, 150)
      }),
    ])
    expect(outcome).toMatchObject({ kind: 'committed' })
  })

  test('the lock of somebody else that has been there for a while is a pause that names the file', async () => {
    repo = makeRepo({ ours: '0\n' })
    const clock = {
      nowMs: () => Date.now() + 60_000,
      monotonicMs: () => 0,
      sleptMs: () => 0,
      after: () => () => undefined,
    }
    engine = await openEngine(repo, { clock })
    expect(await engine.pauses()).toEqual([])
    const lock = join(repo.root, '.git', 'index.lock')
    writeFileSync(lock, '')
    const [pause] = await engine.pauses()
    expect(pause).toMatchObject({ name: 'locked', stops: 'commit' })
    expect(pause?.detail).toContain(lock)
  })
})

test('the branch moves between the look and the commit point: the lost race is told, not forced', async () => {
  repo = makeRepo({ ours: '0\n' })
  engine = await openEngine(repo, {
    wrapGit: (git) => ({
      ...git,
      run: (call) => {
        // Plumbing needs no index, so our lock does not keep it out.
        if (call.args.includes('update-ref')) repo.git('update-ref', 'HEAD', repo.git(...plumbing))
        return git.run(call)
      },
    }),
  })
  const plumbing = ['commit-tree', '-p', 'HEAD', '-m', 'user', 'HEAD^{tree}']
  repo.write('ours', '1\n')
  const journal = memoryJournal()
  expect(await commitPaths(engine, ['ours'], { journal })).toEqual({ kind: 'head-moved' })
  expect(journal.entry).toBeNull()
  expect(repo.git('log', '--format=%s')).toBe('user\nfirst')
  expect(existsSync(join(repo.root, '.git', 'index.lock'))).toBe(false)
})
