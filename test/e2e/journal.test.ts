import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { expectShape } from '../support/json-shape.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

/** Each command is a program that starts; a busy machine takes its time. */
const timeout = 60_000

/** Asks until the answer holds `text`: the journal is written a moment after the decision. */
async function says(workspace: Workspace, args: readonly string[], text: string): Promise<string> {
  for (let triesLeft = 40; ; triesLeft--) {
    const { out, err } = await workspace.run(args)
    if (out.includes(text)) return out
    if (triesLeft === 0) throw new Error(`${args.join(' ')} never said ${text}, but: ${out}${err}`)
  }
}

test.concurrent('why tells what became of a file, with and without a daemon', { timeout }, async (context) => {
  const workspace = makeWorkspace(context, { 'first.md': 'first\n', 'state.json': '{"n":1,"timestamp":1}\n' })
  const { repo } = workspace
  const daemon = await startDaemon(workspace)
  repo.write('first.md', 'second\n')
  repo.write('.env', 'TOKEN=1\n')
  repo.write('state.json', '{"n":1,"timestamp":2}\n')
  await until('it is on the remote', () => workspace.onRemote('first.md') === 'second\n', 10_000)
  const commit = repo.git('rev-parse', '--short=10', 'HEAD')
  await says(workspace, ['why', 'first.md'], `first.md: committed as ${commit}, on the remote\n`)
  await says(workspace, ['why', '.env'], '.env: held\n')
  expect(await says(workspace, ['why', 'state.json'], 'not synced')).toContain(
    'content: only volatile members differ: timestamp',
  )
  await daemon.kill9()

  const { code, out } = await workspace.run(['why', '--json', 'first.md', 'never.md', '.'])
  expect(code).toBe(0)
  const [first, never, all] = out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)
  for (const value of [first, never, all]) expectShape('why', value)
  expect(first).toMatchObject({
    kind: 'file',
    decisions: [{ verdict: 'sync', layer: 'default', commit: { where: 'pushed' } }],
    now: { verdict: 'sync' },
  })
  expect(never).toMatchObject({ kind: 'missing', summary: 'nothing is recorded about it', decisions: [] })
  expect(all).toMatchObject({ kind: 'directory', pathCount: 3 })

  const outside = await workspace.run(['why', '../elsewhere'])
  expect(outside).toMatchObject({ code: 2, out: '' })
  expect(outside.err).toMatch(/^error: .*outside.*\nname .*\n$/)
})

test.concurrent('a damaged journal stops nobody, and who asks is told in two lines', { timeout }, async (context) => {
  const workspace = makeWorkspace(context)
  const { repo, stateDir } = workspace
  const first = await startDaemon(workspace)
  repo.write('first.md', 'second\n')
  await says(workspace, ['why', 'first.md'], 'on the remote')
  await first.stop()
  for (const end of ['-wal', '-shm']) rmSync(join(stateDir, `journal.db${end}`), { force: true })
  writeFileSync(join(stateDir, 'journal.db'), 'nonsense '.repeat(1_000))
  const { code, err } = await workspace.run(['why', 'first.md'])
  expect(code).toBe(1)
  expect(err).toMatch(/^error: the journal cannot be read: it is damaged .*\nmove it away .*\n$/)
  const second = await startDaemon(workspace)
  repo.write('first.md', 'third\n')
  await second.says('journal.db was damaged; it is kept as')
  await says(workspace, ['why', 'first.md'], 'on the remote')
})
