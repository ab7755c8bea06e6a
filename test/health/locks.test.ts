import { execFileSync, spawn } from 'node:child_process'
import { readFileSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, type TestContext } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { lookAtLocks } from '../../src/health/locks.ts'
import { shellWord } from '../../src/shell.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

interface Place {
  readonly repo: TempRepo
  readonly engine: GitEngine
  /** Of long ago. */
  readonly lock: string
}

async function place(context: TestContext): Promise<Place> {
  const repo = makeRepo({ f: '0\n' })
  context.onTestFinished(() => repo.dispose())
  const engine = await openEngine(repo)
  context.onTestFinished(() => engine.close())
  const lock = join(repo.root, '.git', 'index.lock')
  writeFileSync(lock, '')
  utimesSync(lock, 1_000_000, 1_000_000)
  return { repo, engine, lock }
}

/** A git that is at work until nobody listens any more. */
const working = ['-c', 'alias.work=!echo on; cat', 'work']
const shellText = (args: readonly string[]): string => ['git', ...args].map(shellWord).join(' ')

/** Its parent ends at once, so that it is nobody's child here. @returns its pid. */
function orphan(context: TestContext, repo: TempRepo, args: readonly string[]): number {
  const script = `(sleep 60 | ${shellText(args)} >/dev/null & echo $!) 2>/dev/null`
  const options = { cwd: repo.root, env: gitEnvironment, encoding: 'utf8' } as const
  const pid = Number(execFileSync('sh', ['-c', script], options))
  context.onTestFinished(() => void process.kill(pid))
  return pid
}

const look = async (engine: GitEngine) => (await lookAtLocks(engine, 2_000_000_000_000)).git

test('a git that the look itself has started is not taken for the owner of an old lock, nor one that it started', async (context) => {
  const { repo, engine, lock } = await place(context)
  const options = { cwd: repo.root, env: gitEnvironment }
  const started = [spawn('git', working, options), spawn('sh', ['-c', `${shellText(working)}; :`], options)]
  context.onTestFinished(() => started.forEach(({ stdin }) => stdin.end()))
  // Both say so, so both run.
  for (const { stdout } of started) await new Promise((resolve) => stdout.once('data', resolve))
  expect(await look(engine)).toMatchObject([{ path: lock, owner: null, isOurs: false }])
})

test('a git of somebody else that works here may own it', async (context) => {
  const { repo, engine, lock } = await place(context)
  const pid = orphan(context, repo, working)
  await until('it is git', async () => (await look(engine))[0]?.owner != null, 10_000)
  expect(await look(engine)).toMatchObject([{ path: lock, owner: { pid, command: 'git' }, isOurs: false }])
})

test('a helper that a daemon or an editor keeps for its questions owns none', async (context) => {
  const { repo, engine, lock } = await place(context)
  const pid = orphan(context, repo, ['-c', 'core.fsync=none', 'cat-file', '--batch'])
  const runs = (): boolean => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'git\n'
  await until('it is git', runs, 10_000)
  expect(await look(engine)).toMatchObject([{ path: lock, owner: null, isOurs: false }])
})
