import { mkdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startChild } from '../support/child.ts'
import { httpRemote } from '../support/http-remote.ts'
import { openRepoAt, runGit } from '../support/temp-repo.ts'
import { makeWorkspace, program, type Answer } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

test('on a machine without git: what changed is pushed, what others pushed comes in, health is good', async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, remote, root } = workspace
  const server = await httpRemote(context, remote)
  repo.git('remote', 'set-url', 'origin', server.address())
  const empty = join(dirname(root), 'bin')
  mkdirSync(empty)
  const run = async (...args: readonly string[]): Promise<Answer> => {
    const env = { ...workspace.env, PATH: empty }
    const child = startChild(context, [process.execPath, program, ...args], { cwd: root, env })
    return { code: await child.ended, out: child.out(), err: child.err() }
  }
  repo.write('first.md', 'changed\n')
  repo.write('docs/new.md', 'new\n')
  expect(await run('start', '--once')).toMatchObject({ code: 0, out: expect.stringContaining('on the remote') })
  expect(workspace.onRemote('docs/new.md')).toBe('new\n')
  expect(repo.git('status', '--porcelain')).toBe('')

  const other = openRepoAt(join(dirname(root), 'colleague'))
  runGit(dirname(root), ['clone', '-q', remote.root, other.root])
  other.write('theirs.md', 'theirs\n')
  other.git('add', 'theirs.md')
  other.git('commit', '-q', '-m', 'theirs')
  other.git('push', '-q')
  expect(await run('start', '--once')).toMatchObject({ code: 0 })
  expect(repo.git('status', '--porcelain')).toBe('')
  expect(repo.show('HEAD:theirs.md')).toBe('theirs\n')
  expect(repo.git('fsck', '--strict')).toBe('')

  const { out } = await run('health', '--json')
  const checks = (JSON.parse(out) as { checks: { name: string; outcome: string }[] }).checks
  expect(checks.filter(({ outcome }) => outcome === 'fail')).toEqual([])
})
