/** Where git pushes to and fetches from, whatever rewrites addresses; and what is told when these are two places. */
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { addressesOf } from '../../src/git/addresses.ts'
import { createGit } from '../../src/git/run.ts'
import { createSettings } from '../../src/git/settings.ts'
import { systemDisk } from '../../src/git/disk.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo, openRepoAt } from '../support/temp-repo.ts'
import { makeMachines, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test.each([
  ['one address', []],
  ['another one for pushes', ['remote.origin.pushurl git@host:a']],
  ['several for pushes', ['remote.origin.pushurl git@host:a', 'remote.origin.pushurl https://host/b']],
  ['several for both', ['remote.origin.url https://host/b']],
  ['one that is rewritten', ['url.ssh://git@host/.insteadOf https://host/']],
  [
    'the longest beginning counts',
    ['url.x:.insteadOf https://', 'url.y:.insteadOf https://host/', 'url.z:.insteadOf h'],
  ],
  ['rewritten for pushes', ['url.ssh://git@host/.pushInsteadOf https://host/', 'url.x:.insteadOf https://host/a']],
  ['of several only one', ['remote.origin.url https://b/b', 'url.x:.pushInsteadOf https://host/']],
  [
    'no rewriting beside an address for pushes but insteadOf',
    ['remote.origin.pushurl https://host/p', 'url.x:.pushInsteadOf https://host/', 'url.y:.insteadOf https://host/'],
  ],
])('addresses are the ones that git says: %s', async (_, settings) => {
  const repo = makeRepo({ f: '0\n' })
  onTestFinished(() => repo.dispose())
  repo.git('remote', 'add', 'origin', 'https://host/a')
  for (const setting of settings) repo.git('config', '--add', ...setting.split(' '))
  const gitDir = join(repo.root, '.git')
  const places = { root: repo.root, gitDir, commonDir: gitDir }
  const config = await createSettings(createGit(repo.root, gitEnvironment), systemDisk, places, gitEnvironment).read()
  const { asked, pushed } = addressesOf(config, 'origin')
  expect(asked).toBe(repo.git('remote', 'get-url', 'origin'))
  expect(pushed.join('\n')).toBe(repo.git('remote', 'get-url', '--push', '--all', 'origin'))
})

test('a password in one of two addresses makes no second place of it, and is not told', async () => {
  const repo = makeRepo({ f: '0\n' })
  onTestFinished(() => repo.dispose())
  repo.git('remote', 'add', 'origin', 'https://host/a')
  repo.git('config', 'branch.main.remote', 'origin')
  repo.git('config', 'branch.main.merge', 'refs/heads/main')
  repo.git('config', 'url.https://bot:s3cr3t@host/.pushInsteadOf', 'https://host/')
  const engine = await openEngine(repo)
  onTestFinished(() => engine.close())
  expect(await engine.upstream('refs/heads/main')).toMatchObject({ address: 'https://host/a', asked: null })
})

test('pushes that are sent elsewhere by pushInsteadOf are told as what they are, and what is proposed settles it', async () => {
  const { here, remote } = makeMachines({ 'a.md': 'a\n' })
  const fork = openRepoAt(join(here.root, '..', 'fork.git'))
  here.git('clone', '-q', '--bare', remote.root, fork.root)
  here.git('config', `url.${fork.root}.pushInsteadOf`, remote.root)
  const { daemon, told } = await startMachine(here)
  here.write('a.md', 'more\n')
  const { problem, remedy } = await daemon.sync(null)
  expect(problem).toContain(`pushes go to ${fork.root} (pushInsteadOf), commits come from ${remote.root}`)
  here.write('b.md', 'b\n')
  await until('the commit', () => here.git('ls-tree', '--name-only', 'HEAD').includes('b.md'))
  await daemon.sync(null)
  expect(told.join('\n')).not.toContain('rewritten')
  const [, command = ''] = /commits come from: (git .*?);/.exec(remedy ?? '') ?? []
  openRepoAt(here.root).git('-c', `alias.typed=!${command}`, 'typed')
  await until('it is there', async () => (await daemon.sync(null)).problem === null)
  expect(remote.git('rev-parse', 'main')).toBe(here.git('rev-parse', 'HEAD'))
})
