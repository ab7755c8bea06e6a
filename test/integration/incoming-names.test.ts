import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

test.each([
  ['a file', `${'あ'.repeat(100)}.md`],
  ['a directory', `${'あ'.repeat(100)}/deep/x.md`],
])(
  'the name of %s that this file system cannot hold stays out, is told, and holds up nothing else',
  async (_, name) => {
    const { here, there, remote } = makeMachines({ 'a.md': 'a\n', 'b.md': 'b\n' })
    const oid = there.gitBytes(['hash-object', '-w', '--stdin'], 'long\n').toString().trim()
    there.write('a.md', 'theirs\n')
    there.git('commit', '-q', '-a', '-m', 'an edit')
    there.git('update-index', '--add', '--cacheinfo', `100644,${oid},${name}`)
    there.git('commit', '-q', '-m', 'a long name')
    there.git('push', '-q')
    const { daemon } = await startMachine(here)
    here.write('b.md', 'ours\n')
    await daemon.sync(null)
    await until('theirs here', () => readFileSync(join(here.root, 'a.md'), 'utf8') === 'theirs\n')
    await until('ours there', () => remote.show('main:b.md') === 'ours\n')
    pushFrom(there, { 'c.md': 'c\n' })
    await until('the next one', () => existsSync(join(here.root, 'c.md')))
    expect((await daemon.sync(null)).held).toMatchObject([{ reason: expect.stringContaining('on the remote') }])
    expect(remote.git('ls-tree', '-r', '--name-only', '-z', 'main').split('\0')).toContain(name)
    const status = await ask(join(here.root, '.git', 'workspace-sync'), 'status', {})
    expect(status).toMatchObject({ held: [{ reason: expect.stringContaining('on the remote') }] })
  },
)

test('a name that some system takes for `.git` stays out, also of commits that somebody else fetched', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  const oid = there.gitBytes(['hash-object', '-w', '--stdin'], '[core]\n').toString().trim()
  const name = '.g\u200cit/config'
  there.write('a.md', 'theirs\n')
  there.git('commit', '-q', '-a', '-m', 'an edit')
  there.git('update-index', '--add', '--cacheinfo', `100644,${oid},${name}`)
  there.git('commit', '-q', '-m', 'a hidden name')
  there.git('push', '-q')
  here.git('fetch', '-q')
  await startMachine(here)
  await until('theirs here', () => readFileSync(join(here.root, 'a.md'), 'utf8') === 'theirs\n')
  expect(existsSync(join(here.root, name))).toBe(false)
})

test('a flaw that old tools left in a tree keeps nothing out', async () => {
  const { here, there } = makeMachines({ 'd/a.md': 'a\n' })
  const tree = there.gitBytes(['cat-file', 'tree', 'HEAD^{tree}']).toString('latin1').replace('40000 d', '040000 d')
  const padded = there.gitBytes(
    ['hash-object', '-t', 'tree', '--literally', '-w', '--stdin'],
    Buffer.from(tree, 'latin1'),
  )
  const commit = there.git('commit-tree', '-p', 'HEAD', '-m', 'padded', padded.toString().trim())
  there.git('push', '-q', 'origin', `${commit}:refs/heads/main`)
  const { daemon } = await startMachine(here)
  here.write('b.md', 'b\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(here.git('merge-base', '--is-ancestor', commit, 'HEAD')).toBe('')
})
