import { expect, test } from 'vitest'
import { startChild } from '../support/child.ts'
import { startDaemon } from '../support/daemon.ts'
import { expectShape } from '../support/json-shape.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, program } from '../support/workspace.ts'

/** Each command is a program that starts; a busy machine takes its time. */
const timeout = 60_000

const json = (text: string): unknown => JSON.parse(text)

test.concurrent('an undo is pushed, not committed back, and history tells of it', { timeout }, async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, root } = workspace
  const daemon = await startDaemon(workspace)
  repo.write('first.md', 'second\n')
  await until('it is on the remote', () => workspace.onRemote('first.md') === 'second\n', 10_000)
  const undone = await workspace.run(['undo', '--json'])
  expect(undone).toMatchObject({ code: 0, err: '' })
  expectShape('undo', json(undone.out))
  await until('the undo is on the remote', () => workspace.onRemote('first.md') === 'first\n', 10_000)
  expect(repo.git('status', '--porcelain')).toBe('')
  // What comes next is a commit of its own, and nothing else came in between.
  repo.write('other.md', 'other\n')
  await until('the next is on the remote', () => workspace.onRemote('other.md') === 'other\n', 10_000)
  expect(repo.git('rev-list', '--count', 'HEAD')).toBe('4')
  await daemon.stop()

  const history = await workspace.run(['history', '--json'])
  const commits = history.out.trimEnd().split('\n').map(json)
  for (const commit of commits) expectShape('history', commit)
  expect(commits).toMatchObject([
    { where: 'pushed', trigger: 'automatic', undoes: null },
    { where: 'pushed', trigger: 'asked', writer: 'human', undoes: repo.git('rev-parse', 'HEAD~2') },
    { where: 'pushed', trigger: 'automatic', paths: 1 },
  ])
  const again = await workspace.run(['undo', 'HEAD~1', '-C', root])
  expect(again.out).toContain('no daemon is running: it is pushed after the next workspace-sync start')
  expect(repo.show('HEAD:first.md')).toBe('second\n')
  expect((await workspace.run(['history', '-n', '1', 'first.md'])).out).toMatch(/not pushed.*undoes/)
})

test.concurrent('debug tells decisions as they happen, and ends with the daemon', { timeout }, async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, root, env } = workspace
  const without = await workspace.run(['debug'])
  expect(without).toMatchObject({ code: 3, out: '' })
  const daemon = await startDaemon(workspace)
  const listening = (args: readonly string[]) =>
    startChild(context, [process.execPath, program, 'debug', ...args], { cwd: root, env })
  const [all, some] = [listening(['--json']), listening(['notes'])]
  let saved = 0
  await until(
    'both hear something',
    () => {
      if (saved++ % 40 === 0) repo.write('notes/a.md', `${saved}\n`)
      if (saved % 40 === 20) repo.write('other.md', `${saved}\n`)
      return all.out().includes('other.md') && some.out().includes('notes/a.md')
    },
    20_000,
  )
  for (const line of all.out().trimEnd().split('\n').slice(0, 3)) expectShape('debug', json(line))
  expect(some.out()).toMatch(/^\d\d:\d\d:\d\d sync {2}notes\/a\.md {2}\w+: /)
  expect(some.out()).not.toContain('other.md')
  some.kill('SIGINT')
  expect(await some.ended).toBe(0)
  await daemon.stop()
  expect(await all.ended).toBe(0)
  expect(all.err()).toContain('the daemon stops; nothing more will come')
})

test.concurrent('logs shows what the daemon wrote, and follows it', { timeout }, async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, root, env } = workspace
  const none = await workspace.run(['logs'])
  expect(none.code).toBe(1)
  expect(none.err).toMatch(/^error: there is no log .*\na daemon writes one: .*\n$/)
  const following = startChild(context, [process.execPath, program, 'logs', '-f'], { cwd: root, env })
  const first = await startDaemon(workspace)
  await first.stop()
  await startDaemon(workspace)
  repo.write('first.md', 'second\n')
  await until('both daemons are followed', () => (following.out().match(/ watching /g) ?? []).length === 2, 15_000)
  await until('and the commit', () => / committed \w+: first\.md /.test(following.out()), 15_000)
  const shown = await workspace.run(['logs', '-n', '3', '--json'])
  const lines = shown.out.trimEnd().split('\n')
  expect(lines).toHaveLength(3)
  for (const line of lines) expect(json(line)).toMatchObject({ level: expect.any(Number) as number })
})
