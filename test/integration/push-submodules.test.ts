/** Commits that lead to a submodule's commit which nobody else has. */
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { pushCommit } from '../../src/push/push.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment, openRepoAt, type TempRepo } from '../support/temp-repo.ts'
import { makeMachines } from '../support/two-machines.ts'

const main = 'refs/heads/main'
const environment = {
  ...gitEnvironment,
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'protocol.file.allow',
  GIT_CONFIG_VALUE_0: 'always',
}

/** The workspace's last commit moves its submodule to a commit that is only here. */
function withSubmodule(): { readonly here: TempRepo; readonly remote: TempRepo } {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const beside = join(here.root, '..')
  const git = (cwd: string, ...args: readonly string[]) =>
    execFileSync('git', args, { cwd, env: environment, stdio: 'pipe' })
  git(beside, 'clone', '-q', '--bare', remote.root, 'sub.git')
  git(here.root, 'submodule', '--quiet', 'add', join(beside, 'sub.git'), 'sm')
  git(here.root, 'commit', '-q', '-m', 'with it')
  git(here.root, 'push', '-q')
  git(join(here.root, 'sm'), 'commit', '-q', '--allow-empty', '-m', 'only here')
  git(here.root, 'commit', '-q', '-a', '-m', 'moved')
  return { here, remote }
}

test.each([
  ['push.recurseSubmodules', 'check'],
  ['push.recurseSubmodules', 'on-demand'],
  ['submodule.recurse', 'true'],
])('with %s=%s they are named and not pushed, until the submodule is', async (key, value) => {
  const { here, remote } = withSubmodule()
  here.git('config', key, value)
  const engine = await openEngine(here, { environment })
  onTestFinished(() => engine.close())
  const oid = here.git('rev-parse', 'HEAD')
  expect(await pushCommit(engine, main, oid, true)).toEqual({
    kind: 'failed',
    failure: expect.objectContaining({
      name: 'submodule-not-pushed',
      detail: 'commits of submodules are on no remote: sm',
      heals: 'backoff',
    }),
  })
  expect(remote.git('rev-parse', main)).not.toBe(oid)
  openRepoAt(join(here.root, 'sm')).git('push', '-q', 'origin', 'HEAD:main')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
})

test.each([
  ['unasked', null],
  ['as asked', 'no'],
])('they are pushed %s', async (_, value) => {
  const { here } = withSubmodule()
  if (value !== null) {
    here.git('config', 'submodule.recurse', 'true')
    here.git('config', 'push.recurseSubmodules', value)
  }
  const engine = await openEngine(here, { environment })
  onTestFinished(() => engine.close())
  const oid = here.git('rev-parse', 'HEAD')
  expect(await pushCommit(engine, main, oid, true)).toEqual({ kind: 'pushed', oid })
})
