import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { settableClock } from '../support/daemon-here.ts'
import { everyPath } from '../support/listing.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { addRemote, gitEnvironment, makeRepo, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const main = 'refs/heads/main'
const tracking = 'refs/remotes/origin/main'
const lock = `${tracking}.lock`
let repo: TempRepo
let remote: TempRepo
let engine: GitEngine

beforeEach(async () => {
  repo = makeRepo({ f: '0\n' })
  remote = addRemote(repo)
  engine = await openEngine(repo)
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const fileOf = (name: string): string => join(repo.root, '.git', name)
const locks = (): readonly string[] => everyPath(join(repo.root, '.git')).filter((path) => path.endsWith('.lock'))
const upstream = { remote: 'origin', named: 'origin', ref: main, address: '', asked: null, elsewhere: null }

async function commit(text: string): Promise<string> {
  repo.write('f', text)
  const outcome = await commitPaths(engine, ['f'])
  return outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
}

/** From now on this hook tells its git's pid, and never ends; all of them are killed by `killHeld`. */
function hang(hook: string, condition: string): () => Promise<void> {
  const [path, held] = [join(repo.root, '.git', 'hooks', hook), join(repo.root, '..', `held-${hook}`)]
  writeFileSync(path, `#!/bin/sh\nif ${condition}; then echo $PPID > ${held}; exec sleep 600; fi\n`)
  chmodSync(path, 0o755)
  const pidOf = (): number => (existsSync(held) ? Number(readFileSync(held, 'utf8')) : 0)
  return async () => {
    await until('git waits for its hook', () => pidOf() > 0, 20_000)
    rmSync(path, { force: true })
    // As when a machine goes down: the whole group.
    process.kill(-pidOf(), 'SIGKILL')
  }
}

/** A daemon that starts now, and later. */
async function startAnew(): Promise<{ later(): Promise<void> }> {
  await engine.close()
  const clock = settableClock()
  engine = await openEngine(repo, { clock })
  await engine.recover(null, memoryJournal())
  return {
    async later() {
      clock.jump(4_000)
      await engine.pauses()
    },
  }
}

function pushElsewhere(): string {
  const other = openRepoAt(join(repo.root, '..', 'other'))
  openRepoAt(dirname(repo.root)).git('clone', '-q', remote.root, 'other')
  other.write('g', 'theirs\n')
  other.git('add', 'g')
  other.git('commit', '-q', '-m', 'theirs')
  other.git('push', '-q')
  return other.git('rev-parse', 'HEAD')
}

const kept = 'refs/workspace-sync/conflicts/a/b'
const operations: readonly (readonly [string, string, () => Promise<() => Promise<unknown>>])[] = [
  ['a commit', main, () => Promise.resolve(() => commit('1\n').catch(() => null))],
  [
    'a push',
    tracking,
    async () => {
      const oid = await commit('1\n')
      return () => engine.push({ remote: 'origin', oid, upstreamRef: main })
    },
  ],
  [
    'a fetch',
    tracking,
    () => {
      const tip = pushElsewhere()
      return Promise.resolve(() => engine.compare(repo.git('rev-parse', 'HEAD'), tip, upstream))
    },
  ],
  ['a ref of ours', kept, () => Promise.resolve(() => engine.merging.pointRef(kept, repo.git('rev-parse', 'HEAD')))],
]

test.each(operations)('%s that is killed while it holds its lock leaves none for good', async (_, ref, prepare) => {
  const operate = await prepare()
  const kill = hang('reference-transaction', '[ "$1" = prepared ]')
  const over = operate()
  await kill()
  await over
  expect(locks()).toContain(`${ref}.lock`)
  const { later } = await startAnew()
  // It might be of a command that just runs.
  expect(locks()).toContain(`${ref}.lock`)
  await later()
  expect(locks()).toEqual([])
  expect(everyPath(join(repo.root, '.git', 'workspace-sync', 'claims'))).toEqual([])
})

test('a claim that this program has not written claims nothing, and is cleared away', async () => {
  const claims = join(repo.root, '.git', 'workspace-sync', 'claims')
  mkdirSync(claims, { recursive: true })
  for (const [at, text] of [
    '',
    '{"locks":["',
    '{"locks":[]}',
    '{"locks":[1],"below":[],"there":[],"to":null}',
  ].entries()) {
    writeFileSync(join(claims, `${at}`), text)
  }
  const { later } = await startAnew()
  await later()
  expect(everyPath(claims)).toEqual([])
})

test('a fetch of ours keeps no graph of commits, whose lock would be one more', async () => {
  repo.git('config', 'fetch.writeCommitGraph', 'true')
  await engine.compare(repo.git('rev-parse', 'HEAD'), pushElsewhere(), upstream)
  expect(everyPath(fileOf('objects')).filter((path) => path.includes('commit-graph'))).toEqual([])
})

/** A push that is killed before it takes any lock, while somebody else does. */
async function killedBeside(act: (oid: string) => Promise<void> | void): Promise<{ later(): Promise<void> }> {
  const oid = await commit('1\n')
  const kill = hang('pre-push', 'true')
  const over = engine.push({ remote: 'origin', oid, upstreamRef: main })
  await until('the push is at its hook', () => existsSync(join(repo.root, '..', 'held-pre-push')), 20_000)
  await act(oid)
  await kill()
  await over
  return startAnew()
}

test('a lock that lay there before is left alone, whatever it holds', async () => {
  writeFileSync(fileOf(lock), '')
  const { later } = await killedBeside(() => utimesSync(fileOf(lock), new Date(), new Date()))
  await later()
  expect(locks()).toEqual([lock])
})

test('a lock that appears beside our child is left alone when it holds something else', async () => {
  const { later } = await killedBeside(() => writeFileSync(fileOf(lock), `${repo.git('rev-parse', 'HEAD~1')}\n`))
  await later()
  expect(locks()).toEqual([lock])
})

test("a person's git that holds the very lock with the very id keeps it", async () => {
  let killTheirs = (): Promise<void> => Promise.resolve()
  const { later } = await killedBeside(async (oid) => {
    killTheirs = hang('reference-transaction', '[ "$1" = prepared ]')
    // In another place, and nobody's child: nothing but its arguments says where it works.
    const theirs = 'cd / && (setsid git "$@" </dev/null >/dev/null 2>&1 &)'
    const args = [`--git-dir=${fileOf('')}`, 'update-ref', tracking, oid]
    execFileSync('sh', ['-c', theirs, 'sh', ...args], { env: gitEnvironment })
    await until('it holds the lock', () => existsSync(fileOf(lock)), 20_000)
  })
  await later()
  expect(locks()).toEqual([lock])
  await killTheirs()
})

test('a lock that another child of ours holds meanwhile is left to it', async () => {
  const clock = settableClock()
  await engine.close()
  engine = await openEngine(repo, { clock })
  const push = { remote: 'origin', oid: await commit('1\n'), upstreamRef: main }
  const kill = hang('pre-push', 'true')
  const first = engine.push(push)
  await until('the push is at its hook', () => existsSync(join(repo.root, '..', 'held-pre-push')), 20_000)
  rmSync(fileOf('hooks/pre-push'))
  // Who looks for what the dead have left does not take this for theirs.
  await engine.recover(null, memoryJournal())
  expect(everyPath(fileOf('workspace-sync/claims'))).toHaveLength(1)
  const killSecond = hang('reference-transaction', '[ "$1" = prepared ]')
  const second = engine.push(push)
  await until('the other holds the lock', () => existsSync(fileOf(lock)), 20_000)
  await kill()
  await first
  clock.jump(4_000)
  await engine.pauses()
  expect(locks()).toEqual([lock])
  await killSecond()
  await second
  clock.jump(4_000)
  await engine.pauses()
  expect(locks()).toEqual([])
})
