import { chmodSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

/** What somebody does while the first commit is made: after all was read and judged, before the commit point. */
function meanwhile(repo: TempRepo, script: string): void {
  const hook = join(repo.root, '.git', 'hooks', 'commit-msg')
  const once = ['[ -e .git/done ] && exit 0', 'touch .git/done']
  const commands = ['unset GIT_INDEX_FILE GIT_DIR GIT_PREFIX', ...once, script, 'exit 0']
  repo.write('.git/hooks/commit-msg', `#!/bin/sh\n${commands.join('\n')}\n`)
  chmodSync(hook, 0o755)
}

test('a file that is taken away again while its commit is made never comes', async () => {
  const repo = makeRepo({ 'a.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  meanwhile(repo, 'rm gone.md')
  const { stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('gone.md', 'not meant\n')
  repo.write('a.md', 'second\n')
  await until('the other file', () => remote.show('main:a.md') === 'second\n', 10_000)
  expect(repo.git('log', '--format=%s', '--all', '--', 'gone.md')).toBe('')
})

test('a file that somebody deleted and takes back while its commit is made is not deleted', async () => {
  const repo = makeRepo({ 'a.md': 'first\n', 'back.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  meanwhile(repo, 'git checkout -q -- back.md')
  const { stop } = await startHere(repo)
  onTestFinished(stop)
  rmSync(join(repo.root, 'back.md'))
  repo.write('a.md', 'second\n')
  await until('the other file', () => remote.show('main:a.md') === 'second\n', 10_000)
  expect(repo.git('log', '--format=%s', '--diff-filter=D', '--', 'back.md')).toBe('')
})

test('what git took back while its commit was made was not meant', async () => {
  const repo = makeRepo({ 'a.md': 'first\n', 'b.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  meanwhile(repo, 'git restore a.md')
  const { stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('a.md', 'not meant\n')
  repo.write('b.md', 'second\n')
  await until('the other file', () => remote.show('main:b.md') === 'second\n', 10_000)
  expect(repo.git('log', '--format=%s', '--', 'a.md')).toBe('first')
})

test('who goes on writing does not keep what was read from being committed', async () => {
  const repo = makeRepo({ 'a.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  meanwhile(repo, 'echo third >>a.md')
  const { stop } = await startHere(repo)
  onTestFinished(stop)
  repo.write('a.md', 'first\nsecond\n')
  await until('the rest', () => remote.show('main:a.md') === 'first\nsecond\nthird\n', 10_000)
  expect(repo.show('HEAD~1:a.md')).toBe('first\nsecond\n')
})
