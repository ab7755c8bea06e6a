import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Who a path's last commit names, and what else is in that commit. */
function commitOf(workspace: Workspace, path: string): { writer: string; paths: string } {
  const format = '--format=%(trailers:key=Workspace-Sync-Writer,valueonly,separator=%x2C)'
  const [writer = '', , ...paths] = workspace.repo.git('log', '-1', format, '--name-only', '--', path).split('\n')
  return { writer, paths: paths.join(' ') }
}

const isCommitted = (workspace: Workspace, path: string): boolean =>
  workspace.repo.git('ls-tree', '-r', '--name-only', 'HEAD', path) !== ''

/** Beside whatever else writes on this machine just then the writer may stay unknown, which is no mistake. */
const triesMax = 8

test('what a declared program writes has commits of its own with its name, beside a person’s', async (context) => {
  const workspace = makeWorkspace(context)
  await startDaemon(workspace, { sets: ['debounce.code=2s', 'debounce.default=2s'] })
  const said: string[] = []
  for (let at = 1; at <= triesMax && !said.includes('helper'); at++) {
    const [persons, programs] = [`person-${at}.md`, `tool-${at}.md`]
    const text = 'written by a program\n'.repeat(20).slice(at)
    workspace.repo.write(persons, `by a person, ${at}\n`)
    const script = `sleep 0.2; printf '%s' '${text}' > ${programs}; sleep 0.4`
    const run = await workspace.run(['run', '--writer', 'helper', '--', 'sh', '-c', script])
    expect(run).toEqual({ code: 0, out: '', err: '' })
    const areCommitted = (): boolean => [persons, programs].every((path) => isCommitted(workspace, path))
    await until('both are committed', areCommitted, 20_000)
    const { writer, paths } = commitOf(workspace, programs)
    said.push(writer)
    if (writer === 'helper') expect(paths).toBe(programs)
    expect(commitOf(workspace, persons).writer).toBe('unknown')
  }
  expect(said.at(-1), said.join()).toBe('helper')
  expect(said.slice(0, -1).every((writer) => writer === 'unknown')).toBe(true)
})

test('with the policy "block" nothing of it is ever committed, not even where a rule allows it', async (context) => {
  const workspace = makeWorkspace(context)
  const daemon = await startDaemon(workspace)
  const text = 'machine\n'.repeat(60)
  const names = (at: number): readonly string[] => [`docs/noise-${at}.md`, `noise-${at}.dat`]
  const isBlocked = (path: string): boolean =>
    daemon.out().includes(`block ${path}: process: writer: autonomous "noisy" (T1) was started with --policy block`)
  let known = 0
  for (let at = 1; at <= triesMax && known === 0; at++) {
    const [allowed = '', other = ''] = names(at)
    const write = (path: string, size: number): string => `printf '%s' '${text.slice(size)}' > ${path}; sleep 0.4`
    const script = `mkdir -p docs; sleep 0.2; ${write(allowed, at)}; ${write(other, 100 + at)}; exit 7`
    const args = ['run', '--writer', 'noisy', '--policy', 'block', '--', 'sh', '-c', script]
    const { code, err } = await workspace.run(args)
    expect([code, err.replace(/^warning: writes here while "noisy" ran: \d+ proven to be its own[^]*/, '')]).toEqual([
      7,
      '',
    ])
    await until('it is judged', () => names(at).every((path) => daemon.out().includes(` ${path}: `)))
    await new Promise((resolve) => setTimeout(resolve, 500))
    if (names(at).every(isBlocked)) known = at
  }
  expect(known, daemon.out()).toBeGreaterThan(0)
  workspace.repo.write('docs/mine.md', 'mine\n')
  await until('the edit of a person is committed', () => isCommitted(workspace, 'docs/mine.md'), 20_000)
  for (const path of names(known)) expect(isCommitted(workspace, path), path).toBe(false)
  // Nobody is left who could tell of the writer: what was known must outlive the daemon, also one that is killed.
  const state = (): string => readFileSync(join(workspace.stateDir, 'state.json'), 'utf8')
  await until('its writes are remembered', () => names(known).every((path) => state().includes(path)))
  await daemon.kill9()
  await startDaemon(workspace)
  workspace.repo.write('docs/more.md', 'more\n')
  expect((await workspace.run(['sync'])).code).toBe(0)
  expect(isCommitted(workspace, 'docs/more.md')).toBe(true)
  for (const path of names(known)) expect(isCommitted(workspace, path), path).toBe(false)
})

test('what could not be ascribed to anybody is told at the end, to whoever wanted the program kept out', async (context) => {
  const workspace = makeWorkspace(context)
  await startDaemon(workspace)
  for (const policy of ['block', 'sync']) {
    const script = `touch ready-${policy}; sleep 1.5`
    const running = workspace.command(['run', '--writer', 'idle', '--policy', policy, '--', 'sh', '-c', script])
    await until('it runs', () => existsSync(join(workspace.root, `ready-${policy}`)), 20_000)
    workspace.repo.write(`by-somebody-${policy}.md`, 'not by the program\n'.repeat(20))
    expect(await running.ended).toBe(0)
    const told =
      /^warning: writes here while "idle" ran: 0 proven to be its own, [1-9]\d* of nobody who could be named\n/
    if (policy === 'sync') expect(running.err()).toBe('')
    else expect(running.err()).toMatch(told)
  }
})

test.concurrent('the program gets its arguments, streams, directory and tag as they are', async (context) => {
  const workspace = makeWorkspace(context)
  await startDaemon(workspace)
  const script = 'cat; printf "%s|" "$@" >&2; pwd; printf "%s" "$WORKSPACE_SYNC_WRITER"'
  const command = ['run', '--writer', 'w', '--', 'sh', '-c', script, 'sh', '--json', '-v', 'a b', '']
  const { code, out, err } = await workspace.run(command, 'given\n')
  expect([code, err]).toEqual([0, '--json|-v|a b||'])
  expect(out).toMatch(new RegExp(`^given\\n${workspace.root}\\nw:[0-9a-f]{32}$`))
  // The secret itself is nowhere on the disk.
  const tag = out.split('\n').at(-1) ?? ''
  expect(readFileSync(join(workspace.stateDir, 'state.json'), 'utf8')).not.toContain(tag)
})

test.concurrent('a signal reaches the program, and how it ends is how run ends', async (context) => {
  const workspace = makeWorkspace(context)
  await startDaemon(workspace)
  const trap = `process.on('SIGTERM', () => { console.log('caught'); process.exit(5) }); setInterval(() => {}, 1e3)`
  const program = `${trap}; console.log('ready')`
  const trapped = workspace.command(['run', '--writer', 'w', '--', process.execPath, '-e', program])
  await until('the program runs', () => trapped.out().includes('ready'), 20_000)
  trapped.kill('SIGTERM')
  expect([await trapped.ended, trapped.out()]).toEqual([5, 'ready\ncaught\n'])
  const killed = await workspace.run(['run', '--writer', 'w', '--', 'sh', '-c', 'kill -KILL $$'])
  expect(killed).toEqual({ code: 128 + 9, out: '', err: '' })
})

test.concurrent('what cannot be run says so, and starts nothing', async (context) => {
  const workspace = makeWorkspace(context)
  const touch = ['sh', '-c', 'touch started']
  const attempt = async (...args: readonly string[]): Promise<readonly [number | string, string]> => {
    const { code, err } = await workspace.run(['run', ...args])
    expect(err.trimEnd().split('\n')).toHaveLength(2)
    return [code, err]
  }
  expect(await attempt('--writer', 'w', '--', ...touch)).toEqual([3, expect.stringContaining('workspace-sync start')])
  await startDaemon(workspace)
  expect(await attempt('--', ...touch)).toEqual([2, expect.stringContaining('--writer')])
  expect(await attempt('--writer', 'w')).toEqual([2, expect.stringContaining('-- COMMAND')])
  for (const name of ['', 'a b', '-x', 'human', 'unknown', 'x'.repeat(65), 'a\u001b[31m']) {
    expect((await attempt(`--writer=${name}`, '--', ...touch))[0], name).toBe(2)
  }
  expect(await attempt('--writer', 'w', '--policy', 'maybe', '--', ...touch)).toEqual([
    2,
    expect.stringContaining('--policy'),
  ])
  expect(await attempt('--writer', 'w', '--', 'no-such-program')).toEqual([127, expect.stringContaining('not found')])
  expect(await attempt('--writer', 'w', '--', './first.md')).toEqual([126, expect.stringContaining('chmod +x')])
  expect(existsSync(join(workspace.root, 'started'))).toBe(false)
})
