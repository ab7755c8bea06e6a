import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import type { StatusReport } from '../../src/cli/status-report.ts'
import { type } from '../support/health-here.ts'
import { expectShape } from '../support/json-shape.ts'
import { everyPath } from '../support/listing.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 45_000 })

interface Told {
  readonly ok: boolean
  readonly checks: readonly { readonly name: string; readonly outcome: string }[]
  readonly fixed: readonly { readonly name: string; readonly detail: string }[]
}

async function doctor(
  workspace: Workspace,
  ...args: readonly string[]
): Promise<Told & { outcome(name: string): string }> {
  const answer = await workspace.run(['doctor', '--json', ...args])
  expect(answer.err).toBe('')
  const told = JSON.parse(answer.out) as Told
  expectShape('doctor', told)
  expect(answer.code).toBe(told.ok ? 0 : 1)
  return { ...told, outcome: (name) => told.checks.find((one) => one.name === name)?.outcome ?? 'none' }
}

test('what a crash left behind is found, and mended without touching what is not ours', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, stateDir } = workspace
  const git = join(root, '.git')
  type(workspace, 'workspace-sync start -q && workspace-sync stop -q && workspace-sync hooks install pre-push -q')
  // A lock of ours, a state that is none, a temporary file of a process that is gone, and something of somebody else.
  writeFileSync(join(stateDir, 'lock-token'), 'ours\n')
  linkSync(join(stateDir, 'lock-token'), join(git, 'index.lock'))
  utimesSync(join(git, 'index.lock'), 1_000_000, 1_000_000)
  writeFileSync(join(stateDir, 'state.json'), '{ half')
  writeFileSync(join(stateDir, 'status.json.4194303.tmp'), '')
  writeFileSync(join(stateDir, 'daemon.lock'), '{"pid":4194303,"startTick":1}')
  writeFileSync(join(stateDir, 'mine.txt'), 'kept')
  writeFileSync(join(git, 'HEAD.lock'), '')
  utimesSync(join(git, 'HEAD.lock'), 1_000_000, 1_000_000)
  chmodSync(stateDir, 0o755)
  const hook = join(git, 'hooks', 'pre-push')
  const before = await doctor(workspace)
  const found = ['lock', 'state', 'leftovers'].map((name) => before.outcome(name))
  expect([found, before.fixed]).toEqual([['fail', 'fail', 'warn'], []])
  const after = await doctor(workspace, '--fix')
  expect(after.fixed.map(({ name }) => name).toSorted()).toEqual(['leftovers', 'lock', 'state', 'state', 'unfinished'])
  expect([after.outcome('state'), after.outcome('leftovers')]).toEqual(['pass', 'pass'])
  expect([existsSync(join(git, 'index.lock')), existsSync(join(git, 'HEAD.lock'))]).toEqual([false, true])
  expect(readFileSync(join(stateDir, 'mine.txt'), 'utf8')).toBe('kept')
  expect(lstatSync(stateDir).mode & 0o777).toBe(0o700)
  expect(existsSync(hook)).toBe(true)
  rmSync(join(git, 'HEAD.lock'))
  const again = await doctor(workspace, '--fix')
  expect([again.ok, again.fixed]).toEqual([true, []])
})

/** What git itself rewrites: objects, and the tales of refs. */
const except = ['objects', 'logs']

function contents(root: string): readonly string[] {
  return everyPath(root, except).map((path) => {
    const stat = lstatSync(join(root, path))
    const bytes = stat.isFile() ? readFileSync(join(root, path)) : ''
    return `${path} ${stat.mode.toString(8)} ${createHash('sha256').update(bytes).digest('hex')}`
  })
}

test('after the uninstall the git directory is what it was before the first start', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, repo, stateDir } = workspace
  const git = join(root, '.git')
  mkdirSync(join(git, 'hooks'), { recursive: true })
  writeFileSync(join(git, 'hooks', 'pre-push'), '#!/bin/sh\nexit 0\n', { mode: 0o751 })
  const before = contents(git)
  type(workspace, 'workspace-sync start -q && workspace-sync hooks install pre-push -q')
  context.onTestFinished(() => void type(workspace, 'workspace-sync stop -q || true'))
  repo.git('update-ref', 'refs/workspace-sync/conflicts/a/b', 'HEAD')
  const dry = await workspace.run(['uninstall', '--dry-run', '--json'])
  expectShape('uninstall', JSON.parse(dry.out))
  expect(JSON.parse(dry.out)).toMatchObject({
    removed: false,
    refs: ['refs/workspace-sync/conflicts/a/b'],
    state: stateDir,
  })
  expect(existsSync(stateDir)).toBe(true)
  // The daemon waits for a file that is still being written: it is not on the remote yet.
  repo.git('commit', '-q', '--allow-empty', '--no-verify', '-m', 'waits')
  repo.git('remote', 'set-url', 'origin', '/nonexistent/r.git')
  const refused = await workspace.run(['uninstall'])
  expect(refused.code).toBe(1)
  expect(refused.err).toMatch(/^error: not everything is on the remote: .*\n.*--force\n$/)
  repo.git('remote', 'set-url', 'origin', workspace.remote.root)
  repo.git('reset', '-q', '--soft', 'HEAD~1')
  const done = await workspace.run(['uninstall', '--force', '--json'])
  expect([done.code, done.err]).toEqual([0, ''])
  expectShape('uninstall', JSON.parse(done.out))
  const names = (lines: readonly string[]): readonly string[] =>
    lines.filter((line) => !/^(?:ORIG_HEAD|COMMIT_EDITMSG|index) /.test(line))
  expect(names(contents(git))).toEqual(names(before))
  const nothing = await workspace.run(['uninstall'])
  expect(nothing).toMatchObject({ code: 0, out: 'nothing of workspace-sync is here\n' })
})

test('another work tree of the repository keeps its hook', async (context) => {
  const workspace = makeWorkspace(context)
  const { root, repo } = workspace
  repo.git('worktree', 'add', '-q', '-b', 'side', join(root, '..', 'linked'))
  mkdirSync(join(root, '.git', 'worktrees', 'linked', 'workspace-sync'))
  type(workspace, 'workspace-sync hooks install pre-push -q')
  const done = await workspace.run(['uninstall'])
  expect(done.out).toMatch(/hooks and refs stay: another work tree needs them/)
  expect(existsSync(join(root, '.git', 'hooks', 'pre-push'))).toBe(true)
})

test('rules that wait for a word are on the remote, and keep nobody from an uninstall', async (context) => {
  const workspace = makeWorkspace(context)
  workspace.repo.write('.workspace-sync/filters/a.rules', 'ALLOW:*.x:\n')
  workspace.repo.git('add', '.')
  workspace.repo.git('commit', '-q', '-m', 'rules')
  workspace.repo.git('push', '-q')
  const place = join(workspace.root, '..', 'clone')
  const typed = (command: string): string => type(workspace, `cd '${place}' && ${command}`)
  type(workspace, `git clone -q '${workspace.remote.root}' '${place}'`)
  context.onTestFinished(() => void typed('workspace-sync stop -q 2>&1 || true'))
  typed('workspace-sync start -q')
  const status = () => JSON.parse(typed('workspace-sync status --json')) as StatusReport
  await until('it is in sync', () => status().inSync, 20_000)
  expect(status().waiting.map(({ path }) => path)).toEqual(['.workspace-sync/filters/a.rules'])
  expect(typed('workspace-sync uninstall')).toContain('removed')
  expect(existsSync(join(place, '.git', 'workspace-sync'))).toBe(false)
})
