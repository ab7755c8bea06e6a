import { expect, onTestFinished, test, vi } from 'vitest'
import { startHere, type DaemonHere } from '../support/daemon-here.ts'
import { cliIn } from '../support/run-cli.ts'
import { addRemote, makeRepo, type TempRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

/** Put together here, so that this file itself is no finding. */
const token = ['ghp', 'Zq8LmV3tXr5WcYb7NdKe2HjFg6TsAu9PoQi1'].join('_')

interface Place extends DaemonHere {
  readonly repo: TempRepo
  readonly remote: TempRepo
  /** The remote has what is checked out here. */
  isSent(): boolean
}

async function place(): Promise<Place> {
  const repo = makeRepo({ 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const here = await startHere(repo)
  onTestFinished(here.stop)
  await here.daemon.sync(null)
  return { ...here, repo, remote, isSent: () => remote.git('rev-parse', 'main') === repo.git('rev-parse', 'HEAD') }
}

function commit({ repo }: Place, path: string, text: string): string {
  repo.write(path, text)
  repo.git('add', path)
  repo.git('commit', '-q', '-m', path)
  return repo.git('rev-parse', 'HEAD')
}

async function ack({ repo }: Place, path: string): Promise<number> {
  return (await cliIn(repo.root, 'ack', path)).code
}

test('a commit that somebody made with a secret in it stays here until they answer for that', async () => {
  const at = await place()
  const bad = commit(at, 'notes.md', `the token is ${token}\n`)
  const { problem, remedy } = await at.daemon.sync(null)
  expect(problem).toBe(
    `what would be pushed looks like it holds a secret: notes.md in commit ${bad.slice(0, 10)} (GitHub token in line 1)`,
  )
  expect(remedy).toContain('workspace-sync ack notes.md')
  at.repo.write('b.md', 'b\n')
  await until('commits go on', () => at.repo.git('log', '-1', '--format=%s').includes('b.md'))
  expect(at.remote.git('rev-parse', 'main')).toBe(at.repo.git('rev-parse', 'HEAD~2'))
  expect(at.told.join('\n')).not.toContain(token)
  expect(await ack(at, 'notes.md')).toBe(0)
  await until('all of it is sent', at.isSent)
})

test('it leaves by itself once the secret is taken out, as is proposed', async () => {
  const at = await place()
  commit(at, 'notes.md', `the token is ${token}\n`)
  const { remedy } = await at.daemon.sync(null)
  const [, typed = ''] = /take it out: git (.*), or if/.exec(remedy ?? '') ?? []
  for (const command of typed.split(' && git ')) at.repo.git(...command.split(' '))
  await until('the commit is sent', at.isSent)
  expect(at.remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('a.md')
  expect((await at.daemon.sync(null)).held).toMatchObject([{ path: 'notes.md' }])
})

test('a secret that a later commit took out again counts, and can be answered for', async () => {
  const at = await place()
  commit(at, 'notes.md', `the token is ${token}\n`)
  at.repo.git('rm', '-q', 'notes.md')
  at.repo.git('commit', '-q', '-m', 'gone')
  expect((await at.daemon.sync(null)).problem).toContain('GitHub token')
  expect(at.isSent()).toBe(false)
  expect(await ack(at, 'notes.md')).toBe(0)
  await until('all of it is sent', at.isSent)
})

test('what was on the remote before and is brought back is no news', async () => {
  const repo = makeRepo({ 'a.md': 'a\n', 'notes.md': `the token is ${token}\n` })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  repo.git('rm', '-q', 'notes.md')
  repo.git('commit', '-q', '-m', 'gone')
  await daemon.sync(null)
  repo.git('revert', '--no-edit', 'HEAD')
  expect(await daemon.sync(null)).toMatchObject({ problem: null })
  expect(remote.git('ls-tree', '-r', '--name-only', 'main')).toBe('a.md\nnotes.md')
})

test('the first commit of all is reached by what is proposed too', async () => {
  const repo = makeRepo({ 'notes.md': `the token is ${token}\n`, 'a.md': 'a\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  remote.git('update-ref', '-d', 'refs/heads/main')
  repo.git('fetch', '-q', '--prune')
  repo.write('a.md', 'more\n')
  repo.git('commit', '-qam', 'more')
  const { daemon, stop } = await startHere(repo)
  onTestFinished(stop)
  expect(await daemon.sync(null)).toMatchObject({ remedy: expect.stringContaining('git rebase -i --root, or') })
})
