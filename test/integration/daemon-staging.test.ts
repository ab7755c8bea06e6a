import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

test('a path that somebody staged is held, and goes on its way when it is unstaged', async () => {
  const repo = makeRepo({ 'mine.md': 'first\n', 'other.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  repo.write('mine.md', 'staged\n')
  repo.git('add', 'mine.md')
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)

  repo.write('other.md', 'second\n')
  await until('the other file', () => remote.show('main:other.md') === 'second\n')
  const held = await daemon.sync(null)
  expect(held.held.map(({ path, reason }) => `${path}: ${reason}`).join()).toMatch(/^mine\.md: .*staged/)
  expect(remote.show('main:mine.md')).toBe('first\n')
  expect(repo.git('diff', '--cached', '--name-only')).toBe('mine.md')

  repo.git('reset', '-q')
  await until('the file that is no longer staged', () => remote.show('main:mine.md') === 'staged\n', 10_000)
})
