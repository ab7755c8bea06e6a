import { mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { healthHere, type } from '../support/health-here.ts'
import { expectShape } from '../support/json-shape.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 45_000 })

/** Put together here, so that this file itself is no finding. */
const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')

function commitFile(workspace: Workspace, path: string, text: string | Buffer): string {
  workspace.repo.write(path, text)
  workspace.repo.git('add', '-f', '--', path)
  workspace.repo.git('commit', '-q', '-m', path)
  return workspace.repo.git('rev-parse', 'HEAD')
}

const prePush = (workspace: Workspace, ...args: readonly string[]) => healthHere(workspace, ['--pre-push', ...args])

test('a secret that a later commit took out again is still refused, and named without being told', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo } = workspace
  expect((await prePush(workspace)).code).toBe(0)
  const bad = commitFile(workspace, 'deep/notes.md', `first\ntoken ${token}\n`)
  repo.git('rm', '-q', 'deep/notes.md')
  repo.git('commit', '-q', '-m', 'gone')
  const found = await prePush(workspace)
  expect([found.code, found.ok]).toEqual([1, false])
  expectShape('health', { ok: found.ok, checks: found.checks })
  expect(found.check('secrets').detail).toBe(`deep/notes.md in commit ${bad.slice(0, 10)}: GitHub token in line 2`)
  expect(JSON.stringify(found.checks)).not.toContain(token)
})

test('what a remedy takes out of the last commit no longer stops the push', async (context) => {
  const workspace = makeWorkspace(context)
  commitFile(workspace, 'a.md', 'fine\n')
  workspace.repo.write('.env', 'KEY=1\n')
  workspace.repo.git('add', '.env')
  workspace.repo.git('commit', '-q', '--amend', '-m', 'both')
  const found = await prePush(workspace)
  expect(found.check('secrets').detail).toMatch(/^\.env in commit/)
  type(workspace, found.check('secrets').remedy ?? '')
  expect((await prePush(workspace)).code).toBe(0)
})

test('its remedies work where they are read: below the root, and outside', async (context) => {
  const workspace = makeWorkspace(context)
  workspace.repo.write('deep/a.md', 'fine\n')
  commitFile(workspace, 'bad.md', `${token}\n`)
  for (const cwd of [join(workspace.root, 'deep'), join(workspace.root, '..')]) {
    const found = await healthHere(workspace, ['--pre-push', '-C', workspace.root], {}, cwd)
    const remedy = found.check('secrets').remedy ?? ''
    expect(remedy).toContain(`git -C ${workspace.root} rm --cached -- bad.md`)
    expect(remedy).toContain(`workspace-sync -C ${workspace.root} ack bad.md`)
  }
  type(workspace, 'workspace-sync hooks install pre-push')
  const push = 'cd deep && git push 2>&1 || true'
  expect(type(workspace, push)).toContain(`-> git -C ${workspace.root} rm --cached -- bad.md`)
  expect(type(workspace, 'git push 2>&1 || true')).toContain('-> git rm --cached -- bad.md')
})

test('what somebody acknowledged passes, that very blob and no other', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, stateDir } = workspace
  commitFile(workspace, 'shared.md', `${token}\n`)
  const oid = repo.git('rev-parse', 'HEAD:shared.md')
  mkdirSync(stateDir, { recursive: true })
  const acknowledged = [{ path: 'shared.md', what: 'blob', oid, reason: null, atMs: 1 }]
  writeFileSync(join(stateDir, 'state.json'), JSON.stringify({ acknowledged }))
  expect((await prePush(workspace)).code).toBe(0)
  commitFile(workspace, 'shared.md', `${token} changed\n`)
  expect((await prePush(workspace)).code).toBe(1)
})

test('conflict markers count as they are at the end, noise and large files are told', async (context) => {
  const workspace = makeWorkspace(context)
  const markers = ['<<<<<<< HEAD', 'a', '=======', 'b', '>>>>>>> side', ''].join('\n')
  commitFile(workspace, 'settled.md', markers)
  commitFile(workspace, 'settled.md', 'settled\n')
  commitFile(workspace, 'logs/app.log', 'noise\n')
  const warned = await prePush(workspace)
  expect(warned.code).toBe(0)
  expect(warned.check('noise')).toMatchObject({ outcome: 'warn' })
  expect(warned.check('noise').detail).toMatch(/^logs\/app\.log in commit .*the rules block it/)
  commitFile(workspace, 'open.md', markers)
  const open = await prePush(workspace)
  expect(open.code).toBe(1)
  expect(open.check('conflict-markers').detail).toMatch(/^open\.md in commit .*line 1$/)
  workspace.repo.git('push', '-q', '--no-verify')
  // A page about merging that was there before stays a page about merging.
  commitFile(workspace, 'open.md', `more\n${markers}`)
  expect((await prePush(workspace)).code).toBe(0)
})

test('what the hook is told decides what is looked at: new branches, tags, deletions, another remote', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo } = workspace
  const none = '0'.repeat(40)
  const first = repo.git('rev-parse', 'HEAD')
  repo.git('switch', '-q', '-c', 'side')
  const bad = commitFile(workspace, 'side.md', `${token}\n`)
  repo.git('tag', '-a', '-m', 'tagged', 'v1')
  repo.git('switch', '-q', 'main')
  const ask = async (line: string, ...args: readonly string[]): Promise<number | string> => {
    return (await workspace.run(['health', '--pre-push', '--stdin', ...args], line)).code
  }
  const answers = await Promise.all([
    ask(`refs/heads/side ${bad} refs/heads/side ${none}\n`),
    ask(`refs/tags/v1 ${repo.git('rev-parse', 'v1')} refs/tags/v1 ${none}\n`),
    // Forced over something that is not here.
    ask(`HEAD@{1 day ago} ${bad} refs/heads/side ${'1'.repeat(40)}\n`),
    ask(`(delete) ${none} refs/heads/side ${bad}\n`),
    ask(`refs/heads/side ${bad} refs/heads/side ${bad}\n`),
    ask(`refs/heads/main ${first} refs/heads/main ${none}\n`),
    ask(''),
    ask('nonsense\n'),
  ])
  expect(answers).toEqual([1, 1, 1, 0, 0, 0, 0, 2])
  repo.git('push', '-q', '--no-verify', 'origin', 'side')
  repo.git('remote', 'add', 'public', '/nonexistent/public.git')
  // origin has it already; the other remote would get it now.
  expect((await prePush(workspace, 'origin')).code).toBe(0)
  expect(await ask(`refs/heads/side ${bad} refs/heads/side ${none}\n`, 'public', '/nonexistent/public.git')).toBe(1)
})

test('a merge brings nothing that its parents did not, and an object that is missing is damage', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, root } = workspace
  repo.git('switch', '-q', '-c', 'side')
  commitFile(workspace, 'side.md', 'side\n')
  repo.git('switch', '-q', 'main')
  commitFile(workspace, 'main.md', 'main\n')
  repo.git('merge', '-q', '--no-commit', 'side')
  repo.write('evil.md', `${token}\n`)
  repo.git('add', 'evil.md')
  repo.git('commit', '-q', '-m', 'merged')
  const found = await prePush(workspace)
  expect(found.check('secrets').detail).toMatch(/^evil\.md in commit/)
  expect(found.check('looked').detail).toBe('3 files in 3 commits')
  const oid = repo.git('rev-parse', 'HEAD:side.md')
  rmSync(join(root, '.git', 'objects', oid.slice(0, 2), oid.slice(2)))
  expect((await prePush(workspace)).check('integrity')).toMatchObject({ outcome: 'fail' })
})

test('installed by the command line it stops a push of git, and taken away it is as if it had never been', async (context) => {
  const workspace = makeWorkspace(context)
  const hooks = join(workspace.root, '.git', 'hooks')
  const before = readdirSync(hooks)
  const installed = await workspace.run(['hooks', 'install', 'pre-push', '--json'])
  expect([installed.code, installed.err]).toEqual([0, ''])
  expectShape('hooks install', JSON.parse(installed.out))
  commitFile(workspace, 'bad.md', `${token}\n`)
  expect(() => type(workspace, 'git push -q 2> refused')).toThrow(/Command failed/)
  expect(type(workspace, 'cat refused')).toMatch(
    /^workspace-sync refuses this push: secrets: bad\.md in commit .*\n {2}-> git/,
  )
  const removed = await workspace.run(['hooks', 'remove', 'pre-push', '--json'])
  const told = JSON.parse(removed.out) as { readonly refused: readonly string[] }
  expectShape('hooks remove', told)
  expect(told.refused).toEqual([expect.stringMatching(/^secrets: bad\.md in commit /)])
  expect(removed.err).toMatch(
    /^warning: nothing refuses any more .*\n {2}secrets: bad\.md .*\n.*workspace-sync pause\n$/,
  )
  expect(readdirSync(hooks)).toEqual(before)
  const unknown = await workspace.run(['hooks', 'install', 'pre-pish'])
  expect([unknown.code, unknown.err]).toEqual([2, 'error: there is no hook "pre-pish"\nname one of: pre-push\n'])
})
