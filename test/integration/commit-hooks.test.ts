import { chmodSync, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine, OpenOptions } from '../../src/git/git.ts'
import { processes } from '../../src/platform/platform.ts'
import { commitPaths, memoryJournal, openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine | null

beforeEach(() => {
  repo = makeRepo({ ours: '0\n' })
  repo.write('ours', '1\n')
  engine = null
})

afterEach(async () => {
  await engine?.close()
  repo.dispose()
})

function hook(name: string, script: string): void {
  repo.write(`.git/hooks/${name}`, `#!/bin/sh\n${script}\n`)
  chmodSync(join(repo.root, '.git', 'hooks', name), 0o755)
}

async function commit(options: Partial<OpenOptions> = {}) {
  engine = await openEngine(repo, options)
  return commitPaths(engine, ['ours'], { message: 'sync: ours\n' })
}

test('commit-msg may change the message', async () => {
  hook('commit-msg', 'echo "Change-Id: 1" >> "$1"')
  expect(await commit()).toMatchObject({ kind: 'committed' })
  expect(repo.git('log', '-1', '--format=%B')).toBe('sync: ours\nChange-Id: 1\n')
})

test('commit-msg says no: nothing is committed, and its words are told', async () => {
  hook('commit-msg', 'echo "subject too plain" >&2; exit 1')
  expect(await commit()).toEqual({
    kind: 'hook-refused',
    hook: 'commit-msg',
    detail: expect.stringContaining('subject too plain'),
  })
  expect(repo.git('log', '--format=%s')).toBe('first')
  expect(existsSync(join(repo.root, '.git', 'index.lock'))).toBe(false)
})

test('commit-msg that never ends is ended, with everything it started', async () => {
  hook('commit-msg', `sleep 60 & echo $! > ${join(repo.root, 'pid')}; wait`)
  const outcome = await commit({ deadlines: { hookMs: 200 } })
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'timeout' } })
  const pid = Number(readFileSync(join(repo.root, 'pid'), 'utf8'))
  expect(processes.identity(pid)).toBeNull()
})

test('a hook that leaves a program behind does not hold us up', async () => {
  hook('commit-msg', '(sleep 5 &) ; exit 0')
  const began = performance.now()
  expect(await commit()).toMatchObject({ kind: 'committed' })
  expect(performance.now() - began).toBeLessThan(4000)
})

test('pre-commit does not run unless it is asked for', async () => {
  hook('pre-commit', 'exit 1')
  expect(await commit()).toMatchObject({ kind: 'committed' })
})

test('pre-commit, asked for, sees exactly our paths and may refuse', async () => {
  repo.write('staged', 'x\n')
  repo.git('add', 'staged')
  hook('pre-commit', 'git diff --cached --name-only >&2; exit 1')
  const outcome = await commit({ preCommit: 'run' })
  expect(outcome).toEqual({ kind: 'hook-refused', hook: 'pre-commit', detail: 'ours' })
})

test('pre-commit that stages something else is a refusal: nobody judged what it staged', async () => {
  hook('pre-commit', 'echo rewritten > ours; git add ours')
  expect(await commit({ preCommit: 'run' })).toMatchObject({ kind: 'hook-refused', hook: 'pre-commit' })
  expect(repo.git('log', '--format=%s')).toBe('first')
  // What it wrote is in the work tree as well; judged anew it passes, and only our path is in the commit.
  hook('pre-commit', 'echo x > sneaked; git add sneaked; git rm -q --cached sneaked')
  expect(await commitPaths(engine as GitEngine, ['ours'])).toMatchObject({ kind: 'committed' })
  expect(repo.show('HEAD:ours')).toBe('rewritten\n')
})

test('hooks about index changes stay silent, those about refs may refuse', async () => {
  hook('post-index-change', `touch ${join(repo.root, 'told')}`)
  hook('reference-transaction', '[ "$1" != prepared ]')
  expect(await commit()).toMatchObject({ kind: 'failed', failure: { name: 'hook-refused' } })
  expect(existsSync(join(repo.root, 'told'))).toBe(false)
})

test('hooks about index changes stay silent about a commit of very many files, too', async () => {
  hook('post-index-change', `touch ${join(repo.root, 'told')}`)
  const names = Array.from({ length: 1_001 }, (_, number) => `f${number}`)
  for (const name of names) repo.write(name, 'x\n')
  engine = await openEngine(repo)
  expect(await commitPaths(engine, names)).toMatchObject({ kind: 'committed' })
  expect(existsSync(join(repo.root, 'told'))).toBe(false)
})

test('what a hook leaves in the private index does not slip into a later commit', async () => {
  hook('commit-msg', 'echo x > sneaked; git add sneaked')
  expect(await commit()).toMatchObject({ kind: 'committed' })
  repo.write('ours', '2\n')
  await commitPaths(engine as GitEngine, ['ours'])
  expect(repo.git('ls-tree', '--name-only', 'HEAD')).toBe('ours')
})

test('a signing key that cannot be used is a named failure and leaves nothing behind', async () => {
  repo.git('config', 'commit.gpgsign', 'true')
  repo.git('config', 'gpg.program', '/nonexistent/gpg')
  const journal = memoryJournal()
  expect(await commit()).toMatchObject({ kind: 'failed', failure: { name: 'signing', heals: 'person' } })
  expect(journal.entry).toBeNull()
  repo.git('config', 'commit.gpgsign', 'false')
  expect(await commitPaths(engine as GitEngine, ['ours'])).toMatchObject({ kind: 'committed' })
})

test('without a name to commit in it says what to configure', async () => {
  const nameless = Object.fromEntries(Object.entries(gitEnvironment).filter(([name]) => !/_(?:NAME|EMAIL)$/.test(name)))
  repo.git('config', 'user.useConfigOnly', 'true')
  const outcome = await commit({ environment: nameless })
  expect(outcome).toMatchObject({ kind: 'failed', failure: { name: 'identity', heals: 'person' } })
  expect(await engine?.identityFailure()).toMatchObject({ name: 'identity' })
})
