import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon, type DaemonProcess } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { cloneOf, makeWorkspace, type Workspace } from '../support/workspace.ts'

const occurrences = (daemon: DaemonProcess, text: string | RegExp): number => daemon.out().split(text).length - 1

async function committed(workspace: Workspace, path: string): Promise<void> {
  const has = (): boolean => workspace.repo.git('ls-tree', '--name-only', 'HEAD', path) === path
  await until(`${path} is committed`, has, 10_000)
}

test.concurrent(
  'while the remote is gone commits go on; back again, it gets them by itself',
  async (context) => {
    const workspace = makeWorkspace(context)
    const { repo, remote } = workspace
    const daemon = await startDaemon(workspace)
    await until('it was seen', () => daemon.status()?.verifiedAtMs != null, 10_000)
    renameSync(remote.root, `${remote.root}.away`)
    repo.write('one.md', 'one\n')
    await committed(workspace, 'one.md')
    await until('it is offline', () => daemon.status()?.state === 'offline', 10_000)
    repo.write('two.md', 'two\n')
    await committed(workspace, 'two.md')
    await until('both are counted', () => daemon.status()?.ahead === 2)
    renameSync(`${remote.root}.away`, remote.root)
    // It looks after 5 s, then after 10; each wait may be a quarter longer.
    await until('both are there', () => workspace.onRemote('two.md') === 'two\n', 20_000)
    await until('it is in sync', () => daemon.status()?.state === 'idle' && daemon.status()?.ahead === 0, 10_000)
  },
  50_000,
)

test.concurrent(
  'where nothing is brought in, nothing is forced either, and a pull lets it go on',
  async (context) => {
    const workspace = makeWorkspace(context)
    const { repo, remote } = workspace
    const colleague = cloneOf(workspace)
    const daemon = await startDaemon(workspace, { sets: ['pull.enabled=false'] })
    colleague.write('theirs.md', 'theirs\n')
    colleague.git('add', '-A')
    colleague.git('commit', '-q', '-m', 'theirs')
    colleague.git('push', '-q')
    const theirs = remote.git('rev-parse', 'main')
    repo.write('mine.md', 'mine\n')
    await committed(workspace, 'mine.md')
    const isBehind = (): boolean => {
      const status = daemon.status()
      return status?.state === 'paused' && status.behind === 1 && status.reason?.startsWith('behind') === true
    }
    await until('it says so', isBehind, 10_000)
    repo.write('more.md', 'more\n')
    await committed(workspace, 'more.md')
    expect(remote.git('rev-parse', 'main')).toBe(theirs)
    const sync = await workspace.run(['sync'])
    expect(sync.code).toBe(1)
    expect(sync.err).toMatch(/pull/)
    repo.git('pull', '-q', '--rebase')
    await until('all is on the remote', () => workspace.onRemote('more.md') === 'more\n', 15_000)
    expect(workspace.remotePaths()).toEqual(['first.md', 'mine.md', 'more.md', 'theirs.md'])
    expect(remote.git('merge-base', '--is-ancestor', theirs, 'main')).toBe('')
    await until('the pause is over', () => daemon.status()?.state === 'idle' && daemon.status()?.behind === 0, 10_000)
  },
  40_000,
)

test.concurrent('a remote whose hook refuses is a pause with a name, told once', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, remote } = workspace
  const hook = join(remote.root, 'hooks', 'pre-receive')
  writeFileSync(hook, '#!/bin/sh\necho "no commits on Fridays" >&2\nexit 1\n')
  chmodSync(hook, 0o755)
  const daemon = await startDaemon(workspace)
  repo.write('one.md', 'one\n')
  await committed(workspace, 'one.md')
  await daemon.says('no commits on Fridays')
  await until('it is paused', () => daemon.status()?.state === 'paused', 10_000)
  expect(daemon.status()?.reason).toMatch(/^(hook-refused|rejected)/)
  repo.write('two.md', 'two\n')
  await committed(workspace, 'two.md')
  const sync = await workspace.run(['sync'])
  expect(sync.code).toBe(1)
  expect(sync.err).toMatch(/no commits on Fridays/)
  expect(occurrences(daemon, 'no commits on Fridays')).toBe(1)
  rmSync(hook)
  expect((await workspace.run(['sync'])).code).toBe(0)
  expect(workspace.onRemote('two.md')).toBe('two\n')
})

test.concurrent(
  'a merge, a rebase and another branch stop commits, and it goes on by itself',
  async (context) => {
    const workspace = makeWorkspace(context, { 'text.md': 'base\n' })
    const { repo } = workspace
    repo.git('switch', '-q', '-c', 'side')
    repo.write('text.md', 'side\n')
    repo.git('commit', '-qam', 'side')
    repo.git('switch', '-q', 'main')
    repo.write('text.md', 'main\n')
    repo.git('commit', '-qam', 'main')
    const daemon = await startDaemon(workspace)
    const paused = async (name: string): Promise<void> => {
      const isPaused = (): boolean => {
        const status = daemon.status()
        return status?.state === 'paused' && status.reason?.startsWith(name) === true
      }
      await until(`it is paused: ${name}`, isPaused, 10_000)
    }
    // The push is quicker than the index: until that has the commit, any other git is refused by its lock.
    const indexIsFree = (): Promise<void> =>
      until('the index is free', () => !existsSync(join(workspace.root, '.git', 'index.lock')), 10_000)
    const stopped = async (
      begin: readonly string[],
      name: string,
      end: readonly string[],
      path: string,
    ): Promise<void> => {
      await indexIsFree()
      expect(() => repo.git(...begin)).toThrow()
      expect(repo.git('ls-files', '--unmerged')).not.toBe('')
      const head = repo.git('rev-parse', 'HEAD')
      repo.write(path, `${path}\n`)
      await paused(name)
      expect(repo.git('rev-parse', 'HEAD')).toBe(head)
      repo.git(...end)
      await until(`${path} is on the remote`, () => workspace.onRemote(path) === `${path}\n`, 15_000)
      expect(workspace.onRemote('text.md')).toBe('main\n')
    }
    await until('it has begun', () => workspace.onRemote('text.md') === 'main\n', 10_000)
    await stopped(['merge', 'side'], 'merg', ['merge', '--abort'], 'after-merge.md')
    await stopped(['rebase', 'side'], 'rebas', ['rebase', '--abort'], 'after-rebase.md')
    await indexIsFree()
    repo.git('switch', '-q', 'side')
    repo.write('on-side.md', 'on side\n')
    await paused('branch-not-listed')
    expect(daemon.status()?.reason).toContain('side')
    expect(repo.git('log', '-1', '--format=%s')).toBe('side')
    repo.git('switch', '-q', 'main')
    await until('back on its branch it goes on', () => workspace.onRemote('on-side.md') === 'on side\n', 15_000)
  },
  60_000,
)
