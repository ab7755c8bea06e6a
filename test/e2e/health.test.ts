import { spawnSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startChild } from '../support/child.ts'
import { healthHere, type } from '../support/health-here.ts'
import { expectShape } from '../support/json-shape.ts'
import { fullListing } from '../support/listing.ts'
import { makeWorkspace, program, type Workspace } from '../support/workspace.ts'

// Many processes at once; on a busy machine they take turns.
vi.setConfig({ testTimeout: 45_000 })

test('a healthy workspace without a daemon is healthy, with one warning, and nothing is written', async (context) => {
  const workspace = makeWorkspace(context)
  const before = fullListing(join(workspace.root, '.git'))
  const answer = await workspace.run(['health', '--json'])
  expect(answer.err).toBe('')
  expect(answer.code).toBe(0)
  const value = JSON.parse(answer.out) as { checks: { name: string; outcome: string }[] }
  expectShape('health', value)
  expect(value.checks.filter(({ outcome }) => outcome !== 'pass').map(({ name }) => name)).toEqual(['daemon'])
  expect(fullListing(join(workspace.root, '.git'))).toEqual(before)
  const text = await workspace.run(['health', '--no-color'])
  expect(text.out).toMatch(/^warn +daemon .*\n +-> workspace-sync start$/m)
  expect(text.out).toMatch(/\nhealthy, 1 warning\n$/)
})

/** Nobody to commit as. */
const nobody = {
  GIT_AUTHOR_NAME: undefined,
  GIT_AUTHOR_EMAIL: undefined,
  GIT_COMMITTER_NAME: undefined,
  GIT_COMMITTER_EMAIL: undefined,
}

/** Each independent of the others, in an order in which they can be mended from the last to the first. */
const breakages: readonly (readonly [string, 'warn' | 'fail', (workspace: Workspace) => void])[] = [
  ['daemon', 'warn', () => undefined],
  ['operations', 'warn', ({ repo }) => void repo.git('bisect', 'start')],
  ['identity', 'fail', ({ repo }) => void repo.git('config', 'user.useConfigOnly', 'true')],
  ['remote', 'warn', ({ repo }) => void repo.git('branch', '--unset-upstream')],
  [
    'repository',
    'fail',
    ({ root, repo }) => {
      const oid = repo.git('rev-parse', 'HEAD:first.md')
      rmSync(join(root, '.git', 'objects', oid.slice(0, 2), oid.slice(2)))
    },
  ],
  [
    'lock',
    'fail',
    ({ root }) => {
      const lock = join(root, '.git', 'index.lock')
      writeFileSync(lock, '')
      utimesSync(lock, 1_000_000, 1_000_000)
    },
  ],
  [
    'state',
    'warn',
    ({ stateDir }) => {
      mkdirSync(stateDir)
      chmodSync(stateDir, 0o755)
    },
  ],
]

test('what it says to do about each trouble, typed, settles it', async (context) => {
  const workspace = makeWorkspace(context)
  for (const [, , breakIt] of breakages) breakIt(workspace)
  const broken = await healthHere(workspace, [], nobody)
  expect([broken.code, broken.ok]).toEqual([1, false])
  for (const [name, outcome] of breakages) expect(broken.check(name), name).toMatchObject({ outcome })
  context.onTestFinished(() => void type(workspace, 'workspace-sync stop || true'))
  for (const [name] of breakages.toReversed()) type(workspace, broken.check(name).remedy ?? '', nobody)
  const mended = await healthHere(workspace, [], nobody)
  expect(mended.checks.filter(({ outcome }) => outcome !== 'pass')).toEqual([])
  expect([mended.code, mended.ok]).toEqual([0, true])
})

test.skipIf(process.getuid?.() !== 0)(
  "another user's repository is named with what to type (needs root)",
  async (context) => {
    const workspace = makeWorkspace(context)
    const config = join(workspace.env['HOME'] ?? '', '.gitconfig')
    const env = { GIT_CONFIG_GLOBAL: config }
    for (const path of [workspace.root, join(workspace.root, '.git')]) chownSync(path, 12_345, 12_345)
    const broken = await healthHere(workspace, [], env)
    expect(broken.code).toBe(1)
    expect(broken.check('ownership').detail).toMatch(/dubious ownership/)
    type(workspace, broken.check('ownership').remedy ?? '', env)
    expect((await healthHere(workspace, [], env)).code).toBe(0)
    expect(statSync(config).size).toBeGreaterThan(0)
  },
)

test('a remote that cannot be reached, and one that would ask, are named without a wait', async (context) => {
  const workspace = makeWorkspace(context)
  workspace.repo.git('remote', 'set-url', 'origin', '/nonexistent/gone.git')
  const gone = await healthHere(workspace)
  expect(gone.code).toBe(1)
  expect(gone.check('remote').detail).toMatch(/gone\.git: no-such-remote/)
  expect(gone.check('remote').remedy).toBe('git remote set-url origin <address>')
  workspace.repo.git('remote', 'set-url', 'origin', 'https://user:hunter2@127.0.0.1:1/r.git')
  const refused = await healthHere(workspace)
  expect(refused.check('remote')).toMatchObject({ outcome: 'fail', remedy: 'git ls-remote origin' })
  expect(refused.check('remote').detail).toMatch(/unreachable/)
  expect(JSON.stringify(refused.checks)).not.toContain('hunter2')
})

test('settings that are not understood fail, and everything else is looked at all the same', async (context) => {
  const workspace = makeWorkspace(context)
  writeFileSync(join(workspace.configDir, 'config.json'), '{ "remot": "origin" }')
  const { code, checks, check } = await healthHere(workspace)
  expect(code).toBe(1)
  expect(check('configuration').detail).toMatch(/config\.json:1:\d+ .*remot/)
  expect(checks.filter(({ outcome }) => outcome === 'fail')).toHaveLength(1)
  rmSync(join(workspace.configDir, 'config.json'))
  writeFileSync(join(workspace.configDir, 'filters', 'mine.rules'), 'BLOK:*.md:typing mistake\n')
  expect((await healthHere(workspace)).check('configuration').detail).toMatch(/mine\.rules:1:1 .*BLOCK/)
})

test('a folder that is no work tree is wrong use, not a finding', async (context) => {
  const workspace = makeWorkspace(context)
  const answer = await workspace.run(['health', '-C', workspace.env['HOME'] ?? ''])
  expect(answer.code).toBe(2)
  expect(answer.err.trimEnd().split('\n')).toHaveLength(2)
  expect(readdirSync(workspace.env['HOME'] ?? '')).toEqual([])
})

const watches = '/proc/sys/user/max_inotify_watches'
const canUnshare = spawnSync('unshare', ['-Ur', 'sh', '-c', `echo 10 > ${watches}`]).status === 0

test.skipIf(!canUnshare)('too few watches are told with what raises them (needs user namespaces)', async (context) => {
  const workspace = makeWorkspace(context, { 'a/1.md': '1\n', 'b/2.md': '2\n' })
  const script = `echo 1 > ${watches} && exec "$0" "$@"`
  const command = ['unshare', '-Ur', 'sh', '-c', script, process.execPath, program, 'health', '--json']
  const child = startChild(context, command, { cwd: workspace.root, env: workspace.env })
  expect(await child.ended).toBe(0)
  const { checks } = JSON.parse(child.out()) as { checks: { name: string }[] }
  expect(checks.find(({ name }) => name === 'capacity')).toEqual({
    name: 'capacity',
    outcome: 'warn',
    detail: '3 directories to watch, and only 1 of 1 watches are free: the rest is looked at every 30 s instead',
    remedy: 'sudo sysctl user.max_inotify_watches=524288',
  })
})
