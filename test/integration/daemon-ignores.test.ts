import { expect, onTestFinished, test } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

test('what git begins to ignore stays here, and what it no longer ignores is found, folders and all', async () => {
  const repo = makeRepo({ '.gitignore': 'cache/\n', 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { stop } = await startHere(repo)
  onTestFinished(stop)
  const paths = (): readonly string[] => remote.git('ls-tree', '-r', '--name-only', 'main').split('\n')

  repo.write('cache/deep/one.md', 'one\n')
  repo.write('b.md', 'b\n')
  await until('the file beside the ignored folder', () => paths().includes('b.md'))
  expect(paths()).not.toContain('cache/deep/one.md')

  repo.write('.gitignore', 'b2.md\n')
  await until('the folder that is no longer ignored', () => paths().includes('cache/deep/one.md'), 10_000)
  repo.write('cache/deep/two.md', 'two\n')
  await until('an edit inside it', () => paths().includes('cache/deep/two.md'), 10_000)

  repo.write('b2.md', 'ignored by now\n')
  repo.write('c.md', 'c\n')
  await until('the file after it', () => paths().includes('c.md'))
  expect(paths()).not.toContain('b2.md')
})
