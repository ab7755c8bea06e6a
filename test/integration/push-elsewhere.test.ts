import { chmodSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { pushCommit, verifyRemote } from '../../src/push/push.ts'
import { startHere } from '../support/daemon-here.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import {
  addRemote,
  commitElsewhere,
  gitEnvironment,
  makeRepo,
  openRepoAt,
  type TempRepo,
} from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

const main = 'refs/heads/main'
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

test('a remote that is to mirror everything gets this branch, and nothing else', async () => {
  repo.git('config', 'remote.origin.mirror', 'true')
  repo.git('branch', 'private')
  repo.write('f', '1\n')
  const outcome = await commitPaths(engine, ['f'])
  const oid = outcome.kind === 'committed' ? outcome.oid : expect.fail(outcome.kind)
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
  expect(remote.git('for-each-ref', '--format=%(refname)')).toBe(main)
})

test('a fetch whose branches would land on those here looks, and moves none of them', async () => {
  repo.git('config', 'remote.origin.fetch', '+refs/heads/*:refs/heads/*')
  commitElsewhere(remote)
  expect(await verifyRemote(engine, main, repo.git('rev-parse', 'HEAD'))).toMatchObject({ ahead: 0, behind: 1 })
  // Not checked out any more, git would let it be overwritten.
  repo.git('switch', '-q', '-c', 'work', '--track', 'main')
  repo.git('branch', '-q', '-f', 'main', repo.git('commit-tree', '-m', 'only here', '-p', 'main', 'main^{tree}'))
  const [onlyHere] = repo.git('rev-parse', 'main').split('\n')
  repo.git('config', 'branch.work.remote', 'origin')
  commitElsewhere(remote)
  expect(await verifyRemote(engine, 'refs/heads/work', repo.git('rev-parse', 'HEAD'))).toMatchObject({
    ahead: 0,
    behind: 2,
  })
  expect(repo.git('rev-parse', 'main')).toBe(onlyHere)
})

test.each([
  ['its name over there', [], null],
  ['another name', ['branch -m work'], 'branch work follows main of origin'],
  ['another name, as wanted', ['branch -m work', 'config push.default upstream'], null],
  ['another name, as wanted of old', ['branch -m work', 'config push.default tracking'], null],
  ['another remote for this branch', ['config branch.main.pushRemote fork'], 'git pushes branch main to fork'],
  ['another remote for every branch', ['config remote.pushDefault fork'], 'git pushes branch main to fork'],
  ['to review', ['config remote.origin.push HEAD:refs/for/main'], 'git pushes branch main to refs/for/main'],
  ['nowhere', ['config remote.origin.push refs/heads/x:refs/heads/x'], 'git pushes branch main nowhere'],
  ['another name, by a refspec', ['branch -m work', 'config remote.origin.push HEAD:refs/heads/main'], null],
  ['back to its own', ['config remote.pushDefault fork', 'config branch.main.pushRemote origin'], null],
])('where git would push: %s', async (_, commands, what) => {
  for (const command of commands) repo.git(...command.split(' '))
  const { ref } = await engine.head()
  const upstream = await engine.upstream(ref ?? '')
  expect(upstream?.elsewhere?.what ?? null).toEqual(what === null ? null : expect.stringContaining(what))
})

test.each([
  [
    'a branch that was made from another one',
    (): void => void repo.git('switch', '-q', '-c', 'work', '--track', 'origin/main'),
    ['git push -u origin work', 'git config push.default upstream'],
  ],
  [
    'a fork',
    (): void => void repo.git('config', 'remote.pushDefault', 'fork'),
    ['git config branch.main.pushRemote origin'],
  ],
  [
    'a branch that goes to review',
    (): void => void repo.git('config', 'remote.origin.push', 'HEAD:refs/for/main'),
    ['git config --add remote.origin.push refs/heads/main:refs/heads/main'],
  ],
])('%s: nothing is pushed where git would not, until what is proposed is typed', async (_, begin, proposed) => {
  begin()
  for (const command of proposed) {
    const before = remote.git('rev-parse', main)
    const { told, stop } = await startHere(repo)
    try {
      const isPaused = (): boolean => told.some((line) => line.startsWith('paused: push-elsewhere'))
      await until('it is told', isPaused)
      expect(told.find((line) => line.startsWith('paused: push-elsewhere'))).toContain(command)
      repo.write('f', `${command}\n`)
      await until('the commit is here', () => repo.show('HEAD:f') === `${command}\n`)
      expect(remote.git('rev-parse', main)).toBe(before)
      repo.git(...command.replace(/^git /, '').split(' '))
      const target = command.includes('work') ? 'refs/heads/work' : main
      await until('it is there', () => remote.git('rev-parse', target) === repo.git('rev-parse', 'HEAD'))
    } finally {
      await stop()
    }
    if (command.includes('work')) repo.git('branch', '-q', '--set-upstream-to', 'origin/main')
  }
})

test('a fetch that somebody’s push overtakes has fetched all the same', async () => {
  const theirs = commitElsewhere(remote)
  const [old, moved] = [repo.git('rev-parse', 'HEAD'), repo.git('commit-tree', '-m', 'x', 'HEAD^{tree}')]
  const place = openRepoAt(join(repo.root, '..'))
  const move = `unset GIT_DIR; git -C "${repo.root}" update-ref refs/remotes/origin/main ${moved}`
  place.write('hook', `#!/bin/sh\n${move}\nexec "$@"\n`)
  chmodSync(join(place.root, 'hook'), 0o755)
  place.write('config', `[uploadpack]\n\tpackObjectsHook = ${join(place.root, 'hook')}\n`)
  await engine.close()
  engine = await openEngine(repo, {
    environment: { ...gitEnvironment, GIT_CONFIG_GLOBAL: join(place.root, 'config') },
  })
  expect(await verifyRemote(engine, main, old)).toEqual({ kind: 'view', ahead: 0, behind: 1, tip: theirs })
  expect(repo.git('rev-parse', 'refs/remotes/origin/main')).toBe(moved)
})

test('a fetch that fails for another reason as well has failed', async () => {
  commitElsewhere(remote)
  const place = openRepoAt(join(repo.root, '..'))
  const said = "error: cannot lock ref 'refs/x': is at 1a but expected 2b"
  const real = `PATH="${gitEnvironment['PATH']}" git "$@"`
  const fetching = `${real}; echo "${said}" >&2; echo 'error: the disk is on fire' >&2; exit 1`
  place.write('bin/git', `#!/bin/sh\ncase " $* " in *" fetch "*) ${fetching};; esac\n${real}\n`)
  chmodSync(join(place.root, 'bin/git'), 0o755)
  await engine.close()
  const environment = { ...gitEnvironment, PATH: `${join(place.root, 'bin')}:${gitEnvironment['PATH']}` }
  engine = await openEngine(repo, { environment })
  const seen = await verifyRemote(engine, main, repo.git('rev-parse', 'HEAD'))
  expect(seen).toMatchObject({ kind: 'failed', failure: { detail: expect.stringContaining('the disk is on fire') } })
})
