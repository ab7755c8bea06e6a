import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { privateKey } from '../support/private-key.ts'
import { startDaemon } from '../support/daemon.ts'
import { expectShape } from '../support/json-shape.ts'
import { fullListing } from '../support/listing.ts'
import { makeRepo, runGit } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Answer, type Workspace } from '../support/workspace.ts'

// Many processes at once; on a busy machine they take turns.
vi.setConfig({ testTimeout: 45_000 })

/** Wrong use: one line what is wrong, one line what to do, no stack. */
function expectMended(answer: Answer, code: number, wrong: RegExp, remedy: RegExp): void {
  expect({ ...answer, out: '' }).toMatchObject({ code })
  const [first = '', second = '', ...rest] = answer.err.trimEnd().split('\n')
  expect(first).toMatch(wrong)
  expect(second).toMatch(remedy)
  expect(rest).toEqual([])
}

const secret = privateKey()

test.concurrent('outside of a repository, and in one without a work tree', async (context) => {
  const workspace = makeWorkspace(context)
  const plain = join(workspace.env['HOME'] ?? '', 'plain')
  mkdirSync(plain)
  for (const command of [['start'], ['start', '--once'], ['test-filter', 'a.md'], ['status'], ['sync'], ['init']]) {
    expectMended(await workspace.run([...command, '-C', plain]), 2, /not in a git (work tree|repository)/, /git init/)
  }
  const bare = await workspace.run(['start', '--foreground', '-C', workspace.remote.root])
  expectMended(bare, 2, /bare/, /./)
  expectMended(await workspace.run(['start', '-C', join(plain, 'gone')]), 2, /gone is not a directory/, /-C/)
})

test.concurrent('without a daemon', async (context) => {
  const workspace = makeWorkspace(context)
  expect(await workspace.run(['status'])).toEqual({
    code: 3,
    out: 'running: false\nto start it: workspace-sync start\n',
    err: '',
  })
  expectMended(await workspace.run(['stop']), 3, /no daemon is running/, /start/)
  expectMended(await workspace.run(['sync']), 3, /no daemon is running/, /start/)
  expectMended(await workspace.run(['release', 'a.md']), 3, /no daemon is running/, /start/)
})

test.concurrent('without a remote, or without an upstream, commits are made and it says so', async (context) => {
  const lonely = makeWorkspace(context)
  lonely.repo.git('remote', 'remove', 'origin')
  const untracked = makeWorkspace(context)
  untracked.repo.git('branch', '--unset-upstream')
  for (const workspace of [lonely, untracked]) {
    const daemon = await startDaemon(workspace)
    workspace.repo.write('new.md', 'new\n')
    const commits = (): string => workspace.repo.git('rev-list', '--count', 'HEAD')
    await until('a commit is made', () => commits() === '2', 10_000)
    await daemon.says('no-upstream')
    expect(daemon.out()).toMatch(/git push -u|upstream/)
    expect(workspace.onRemote('new.md')).toBe(null)
    const sync = await workspace.run(['sync'])
    expect(sync.code).toBe(1)
    expect(sync.err).toMatch(/upstream/)
  }
})

test.concurrent('configuration that is not understood', async (context) => {
  const workspace = makeWorkspace(context)
  const start = (set: string): Promise<Answer> => workspace.run(['start', '--foreground', '--set', set])
  expectMended(await start('debounce.imediate=2s'), 2, /debounce\.imediate/, /debounce\.immediate/)
  expectMended(await start('debounce.immediate=2 parsecs'), 2, /debounce\.immediate/, /\bms\b.*\bs\b.*\bm\b/)
  expectMended(await start('guard.maxFileSize=50'), 2, /guard\.maxFileSize/, /KB|MB/)
  writeFileSync(join(workspace.configDir, 'config.json'), '{ "remot": "origin" }')
  expectMended(await workspace.run(['start', '--foreground']), 2, /remot/, /remote/)
  expectMended(await workspace.run(['sta']), 2, /sta/, /./)
})

test.concurrent(
  'rules that are wrong or dangerous end the start, with their place and what to write',
  async (context) => {
    const workspace = makeWorkspace(context)
    const mine = join(workspace.configDir, 'filters', 'mine.rules')
    const check = async (text: string): Promise<Answer> => {
      writeFileSync(mine, text)
      const [start, filters] = await Promise.all([
        workspace.run(['start', '--foreground']),
        workspace.run(['filters', 'check']),
      ])
      expect([start.code, filters.code]).toEqual([2, 2])
      return start
    }
    expect((await check('# mine\nBLOK:*.md:typing mistake\n')).err).toMatch(/mine\.rules:2:1: .*BLOCK/)
    expect((await check(`BLOCK:${'*a'.repeat(17)}:never ends\n`)).err).toMatch(/mine\.rules:1:\d+: .*16/)
    expect((await check(`BLOCK:${'{a,b}'.repeat(9)}:explodes\n`)).err).toMatch(/mine\.rules:1:\d+: .*256/)
    expect((await check('BLOCK:!(a|b):of another dialect\n')).err).toMatch(/mine\.rules:1:\d+: /)
    // As deep as is allowed, against the worst name: it must be answered at once.
    writeFileSync(mine, `BLOCK:${'*a'.repeat(16)}b:slow for a matcher that tries everything\n`)
    const startedMs = performance.now()
    const answer = await workspace.run(['test-filter', 'a'.repeat(250)])
    expect([0, 1]).toContain(answer.code)
    expect(performance.now() - startedMs).toBeLessThan(5_000)
    writeFileSync(mine, '')
    expect((await workspace.run(['filters', 'check'])).code).toBe(0)
    expect((await workspace.run(['start', '--once'])).code).toBe(0)
  },
)

test.concurrent(
  'start in the background returns when it is ready, and a second start leaves it alone',
  async (context) => {
    const workspace = makeWorkspace(context)
    const first = await workspace.run(['start', '--set', 'debounce.code=100ms'])
    expect(first).toMatchObject({ code: 0, err: '' })
    const pid = /pid (\d+)/.exec(first.out)?.[1]
    // It is nobody's child any more; when the test fails before its end, it must not stay.
    context.onTestFinished(() => void spawnSync('kill', ['-9', pid ?? '']))
    const second = await workspace.run(['start'])
    expect(second).toEqual({ code: 0, out: `already running (pid ${pid})\n`, err: '' })
    expect(await workspace.run(['start', '--foreground'])).toMatchObject({ code: 0, out: second.out })
    expect((await workspace.run(['status'])).code).toBe(0)
    workspace.repo.write('new.md', 'new\n')
    await until('it works', () => workspace.onRemote('new.md') === 'new\n', 10_000)
    expect((await workspace.run(['stop'])).code).toBe(0)
    expect((await workspace.run(['status'])).code).toBe(3)
  },
)

test.concurrent('sync and --once reach the remote, and exit 4 when something is held', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo } = workspace
  repo.write('plan.md', 'plan\n')
  const clean = await workspace.run(['start', '--once'])
  expect(clean).toMatchObject({ code: 0, err: '' })
  expect(workspace.onRemote('plan.md')).toBe('plan\n')
  repo.write('id_rsa', `${secret}\n`)
  repo.write('plan.md', 'more\n')
  const held = await workspace.run(['start', '--once'])
  expect(held.code).toBe(4)
  expect(held.err).toContain('id_rsa')
  expect(workspace.onRemote('plan.md')).toBe('more\n')
  const daemon = await startDaemon(workspace, { sets: ['debounce.code=10m'] })
  repo.write('plan.md', 'most\n')
  const asked = await workspace.run(['sync'])
  expect(asked.code).toBe(4)
  expect(asked.err).toContain('id_rsa')
  expect(workspace.onRemote('plan.md')).toBe('most\n')
  expect((await workspace.run(['sync', 'plan.md'])).code).toBe(0)
  await until('it is shown as held', () => daemon.status()?.held[0]?.path === 'id_rsa')
  expect(workspace.remotePaths()).toEqual(['first.md', 'plan.md'])
})

test.concurrent('--no-push commits and does not push', async (context) => {
  const workspace = makeWorkspace(context)
  workspace.repo.write('one.md', 'one\n')
  expect((await workspace.run(['start', '--once', '--no-push'])).code).toBe(0)
  expect(workspace.repo.show('HEAD:one.md')).toBe('one\n')
  await startDaemon(workspace, { args: ['--no-push'] })
  workspace.repo.write('two.md', 'two\n')
  const committed = (): boolean => workspace.repo.git('ls-tree', '--name-only', 'HEAD', 'two.md') === 'two.md'
  await until('it is committed', committed, 10_000)
  expect(workspace.remotePaths()).toEqual(['first.md'])
})

test.concurrent('--dry-run tells what it would do and writes nothing at all', async (context) => {
  const workspace = makeWorkspace(context, { 'kept.md': 'kept\n', 'gone.md': 'gone\n' })
  const { repo, root, remote } = workspace
  repo.write('new.md', 'new\n')
  repo.write('id_rsa', `${secret}\n`)
  repo.write('kept.md', 'edited\n')
  rmSync(join(root, 'gone.md'))
  const before = [fullListing(root), fullListing(remote.root), fullListing(workspace.env['HOME'] ?? '')]
  const answer = await workspace.run(['start', '--once', '--dry-run'])
  expect(answer.code).toBe(4)
  for (const path of ['new.md', 'kept.md', 'gone.md', 'id_rsa']) expect(answer.out).toContain(path)
  const filter = await workspace.run(['test-filter', 'new.md', 'kept.md', 'id_rsa'])
  expect(filter.code).toBe(4)
  const after = [fullListing(root), fullListing(remote.root), fullListing(workspace.env['HOME'] ?? '')]
  expect(after).toEqual(before)
})

test.concurrent('test-filter exits 0, 1 or 4, and reads names by line or by NUL', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo } = workspace
  repo.write('line\nbreak.md', 'odd\n')
  repo.write('id_rsa', `${secret}\n`)
  const verdicts = async (args: readonly string[], input?: string): Promise<[number | string, string[]]> => {
    const { code, out } = await workspace.run(['test-filter', '--json', ...args], input)
    const lines = out.trimEnd().split('\n')
    const parsed = lines.map((line) => JSON.parse(line) as { path: string; verdict: string })
    for (const one of parsed) expectShape('test-filter', one)
    return [code, parsed.map(({ path, verdict }) => `${path} ${verdict}`)]
  }
  expect(await verdicts(['first.md'])).toEqual([0, ['first.md sync']])
  expect(await verdicts(['first.md', 'logs/a.log'])).toEqual([1, ['first.md sync', 'logs/a.log block']])
  expect(await verdicts(['logs/a.log', 'id_rsa'])).toEqual([4, ['logs/a.log block', 'id_rsa hold']])
  expect(await verdicts(['--stdin'], 'first.md\nlogs/a.log\n')).toEqual([1, ['first.md sync', 'logs/a.log block']])
  expect(await verdicts(['--stdin'], 'line\nbreak.md\0first.md\0')).toEqual([
    0,
    ['line\nbreak.md sync', 'first.md sync'],
  ])
  expectMended(await workspace.run(['test-filter', '--stdin'], ''), 2, /no path/, /--stdin/)
})

test.concurrent('a repository without a commit, and nobody to commit as', async (context) => {
  const repo = makeRepo()
  context.onTestFinished(() => repo.dispose())
  const workspace: Workspace = makeWorkspace(context)
  const empty = await workspace.run(['start', '--once', '-C', repo.root])
  expect([0, 1]).toContain(empty.code)
  expect(runGit(repo.root, ['for-each-ref']).toString()).toBe('')
  repo.write('first.md', 'first\n')
  const first = await workspace.run(['start', '--once', '-C', repo.root])
  expect(first.code).toBe(1)
  expect(first.err).toMatch(/upstream/)
  expect(repo.show('HEAD:first.md')).toBe('first\n')
})
