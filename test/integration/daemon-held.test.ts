import { chmodSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

test('a held secret is let go when git is told to ignore it', async () => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('.env', 'TOKEN=1\n')
  const before = await daemon.sync(null)
  expect(before.held.map(({ path }) => path)).toEqual(['.env'])

  repo.write('.gitignore', '.env\n')
  await until('the ignore file', () => remote.git('ls-tree', '--name-only', 'main').includes('.gitignore'))
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
})

test('a path that its owner staged and committed is held no longer', async () => {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('a.md', 'b\n')
  repo.git('add', 'a.md')
  expect((await daemon.sync(null)).held.map(({ path }) => path)).toEqual(['a.md'])
  repo.git('commit', '-q', '-m', 'by hand')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:a.md')).toBe('b\n')
})

test('what a commit-msg hook refused is held and not tried again while it stays as it is', async () => {
  const repo = makeRepo({ 'bad.md': 'a\n', 'good.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const runs = join(repo.root, '.git', 'hook-runs')
  const hook = join(repo.root, '.git', 'hooks', 'commit-msg')
  writeFileSync(runs, '')
  writeFileSync(hook, `#!/bin/sh\ngrep -q bad "$1" && { echo bad >>"${runs}"; echo no; exit 1; }\nexit 0\n`)
  chmodSync(hook, 0o755)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('bad.md', 'b\n')
  expect((await daemon.sync(null)).held.map(({ path }) => path)).toEqual(['bad.md'])
  // Twice if it was due by itself just before somebody asked.
  const refused = readFileSync(runs, 'utf8')
  for (const text of ['1\n', '2\n', '3\n']) {
    repo.write('good.md', text)
    await until(`good.md ${text}`, () => remote.show('main:good.md') === text, 10_000)
  }
  expect(refused).toMatch(/^(?:bad\n){1,2}$/)
  expect(readFileSync(runs, 'utf8')).toBe(refused)
})
