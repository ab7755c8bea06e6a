import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test, vi, type TestContext } from 'vitest'
import type { OpenOptions } from '../../src/git/git.ts'
import { branchView } from '../support/branch-view.ts'
import { startChild } from '../support/child.ts'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

// Seconds on an idle machine; all at once on a busy one they take longer.
vi.setConfig({ testTimeout: 60_000 })
const patienceMs = 30_000

interface Place {
  readonly repo: TempRepo
  readonly remote: TempRepo
  readonly told: readonly string[]
  arrives(path: string, text: string): Promise<void>
}

async function place(
  context: Pick<TestContext, 'onTestFinished'>,
  options: { readonly hook?: readonly [string, string]; readonly git?: Partial<OpenOptions> },
): Promise<Place> {
  const repo = makeRepo({ 'a.md': 'first\n', 'deep.json': '{"a": 1}\n' })
  context.onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { hook, git = {} } = options
  if (hook !== undefined) writeFileSync(join(repo.root, '.git/hooks', hook[0]), hook[1], { mode: 0o755 })
  const { told, stop } = await startHere(repo, { sets: ['retry.delays=["200ms"]'], git })
  context.onTestFinished(stop)
  const there = branchView(remote, remote.root)
  const arrives: Place['arrives'] = (path, text) =>
    until(`${path} is on the remote`, () => there.content(path) === text, patienceMs)
  return { repo, remote, told, arrives }
}

test.concurrent('JSON of a million levels is a change like any other', async (context) => {
  const { repo, remote, arrives } = await place(context, {})
  const deep = `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`
  repo.write('deep.json', deep)
  repo.write('a.md', 'beside\n')
  await arrives('a.md', 'beside\n')
  const oid = repo.git('hash-object', 'deep.json')
  await until('so is the deep one', () => remote.git('rev-parse', 'main:deep.json') === oid, patienceMs)
})

test.concurrent('what a pre-commit hook rewrites leaves as the hook wants it', async (context) => {
  const tidy = '#!/bin/sh\nif grep -q wild a.md; then echo tidy > a.md; git add a.md; fi\n'
  const { repo, arrives } = await place(context, { hook: ['pre-commit', tidy], git: { preCommit: 'run' } })
  repo.write('a.md', 'wild\n')
  await arrives('a.md', 'tidy\n')
  repo.write('b.md', 'beside\n')
  await arrives('b.md', 'beside\n')
  expect(repo.git('log', '--format=%s', '--', 'a.md').split('\n')).toHaveLength(2)
})

test.concurrent('a hook that hangs is named once, and what waited leaves when it is gone', async (context) => {
  const { repo, told, arrives } = await place(context, {
    hook: ['commit-msg', '#!/bin/sh\nsleep 60\n'],
    git: { deadlines: { hookMs: 300 } },
  })
  const named = (): readonly string[] => told.filter((line) => line.includes('commit-msg'))
  repo.write('a.md', 'waits\n')
  await until('it is told', () => named().length > 0, patienceMs)
  repo.write('b.md', 'waits, too\n')
  rmSync(join(repo.root, '.git/hooks/commit-msg'))
  await arrives('a.md', 'waits\n')
  await arrives('b.md', 'waits, too\n')
  expect(named()).toHaveLength(1)
})

test.concurrent('a journal that another program keeps locked holds up nothing', async (context) => {
  const { repo, told, arrives } = await place(context, {})
  repo.write('a.md', 'once\n')
  await arrives('a.md', 'once\n')
  const script =
    'const D = require("libsql"); const db = new D(process.argv[1]); db.exec("begin exclusive");' +
    'console.log("held"); setInterval(() => db, 1_000)'
  const cwd = fileURLToPath(new URL('../..', import.meta.url))
  const journal = join(repo.root, '.git/workspace-sync/journal.db')
  const child = startChild(context, [process.execPath, '-e', script, journal], { cwd, env: {} })
  await until('it holds the lock', () => child.out().includes('held') || child.hasEnded(), patienceMs)
  expect(child.hasEnded(), child.err()).toBe(false)
  for (const text of ['twice\n', 'thrice\n']) {
    repo.write('b.md', text)
    await arrives('b.md', text)
  }
  expect(told.filter((line) => line.includes('journal.db')).length).toBeLessThanOrEqual(1)
})
