import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { ask } from '../../src/control/control.ts'
import { resolveAtRest } from '../../src/daemon/resolve-at-rest.ts'
import { keptSides } from '../../src/integrate/integrate.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { pathBytes } from '../../src/types.ts'
import { openEngine } from '../support/open-engine.ts'
import { makeMachines, pushFrom, startMachine } from '../support/two-machines.ts'
import { until } from '../support/until.ts'

const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null

test('where both changed the same line the remote counts, and ours is kept on a ref', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'a.md': 'theirs\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'ours\n')
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:a.md')).toBe('theirs\n')
  expect(read(here.root, 'a.md')).toBe('theirs\n')
  const refs = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')
  expect(refs).toHaveLength(1)
  expect(here.show(`${refs[0]}:a.md`)).toBe('ours\n')
  here.git('fsck', '--strict')
})

test('a conflict lies on the remote too, is listed, and what a person says about it counts', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'a.md': 'theirs\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'ours\n')
  expect((await daemon.sync(null)).problem).toBeNull()
  const onRemote = (): string => remote.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/')
  await until('the ref on the remote', () => onRemote() !== '')
  const stateDir = join(here.root, '.git', 'workspace-sync')
  const state = async (): Promise<unknown> => {
    const status = await ask(stateDir, 'status', {})
    return status === 'no-daemon' ? status : status.state
  }
  await until('the state', async () => (await state()) === 'conflict')
  const answer = await ask(stateDir, 'resolve', { paths: [pathBytes('a.md')], side: 'ours' })
  expect(answer).toMatchObject({ kind: 'resolved' })
  await until('our side on the remote', () => remote.show('main:a.md') === 'ours\n')
  await until('no ref', () => onRemote() === '')
  await until('the state', async () => (await state()) === 'idle')
  expect(here.git('for-each-ref', 'refs/workspace-sync/conflicts/')).toBe('')
})

test('what was just settled is not what the next command tells of', async () => {
  const { here, there } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'a.md': 'theirs\n' })
  const { daemon } = await startMachine(here)
  here.write('a.md', 'ours\n')
  await daemon.sync(null)
  const stateDir = join(here.root, '.git', 'workspace-sync')
  const isTold = (): boolean => read(stateDir, 'notices.json')?.includes('conflict: a.md') === true
  await until('there is something to tell', isTold, 20_000)
  await ask(stateDir, 'resolve', { paths: [pathBytes('a.md')], side: 'theirs' })
  expect(isTold()).toBe(false)
}, 60_000)

test('sides that one merge leaves share a commit, and each is listed once and settled by itself', async () => {
  const names = ['a.md', 'a/b.md', 'a-c.md', 'same.md', 'd/same.md']
  const text = (name: string, side: string): string => (name.endsWith('same.md') ? `${side}\n` : `${name} ${side}\n`)
  const all = (side: string, of = names): Record<string, string> =>
    Object.fromEntries(of.map((name) => [name.replace(/^a.md$/, 'z.md'), text(name, side)]))
  const { here, there } = makeMachines(all('old'))
  pushFrom(there, all('theirs'))
  const { daemon } = await startMachine(here)
  for (const [path, side] of Object.entries(all('ours'))) here.write(path, side)
  await daemon.sync(null)
  const kept = here
    .git('for-each-ref', '--format=%(refname) %(objectname)', 'refs/workspace-sync/conflicts/')
    .split('\n')
  expect([kept.length, new Set(kept.map((line) => line.split(' ')[1])).size]).toEqual([4, 1])
  const engine = await openEngine(here)
  const listed = async (): Promise<readonly string[]> =>
    (await keptSides.all(engine, null)).map(({ path, kept: { oid } }) => `${path} ${here.git('cat-file', '-p', oid)}`)
  const open = Object.entries(all('ours')).map(([path, side]) => `${path} ${side.trimEnd()}`)
  expect((await listed()).toSorted()).toEqual(open.toSorted())
  const stateDir = join(here.root, '.git', 'workspace-sync')
  await ask(stateDir, 'resolve', { paths: [pathBytes('same.md')], side: 'theirs' })
  expect((await listed()).toSorted()).toEqual(open.filter((line) => !line.startsWith('same.md')).toSorted())
  await engine.close()
})

test('kept sides lie on the remote too, until they are settled, also where that was while no daemon ran', async () => {
  const { here, there, remote } = makeMachines({ 'a.md': 'a\n' })
  pushFrom(there, { 'a.md': 'theirs\n' })
  const first = await startMachine(here)
  here.write('a.md', 'ours\n')
  await first.daemon.sync(null)
  const mirrored = (): string => remote.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/')
  await until('the kept side is there', () => mirrored() !== '')
  await first.stop()
  const engine = await openEngine(here)
  const answer = await resolveAtRest(engine, { branches: null }, systemClock, [pathBytes('a.md')], 'theirs')
  expect(answer.kind).toBe('resolved')
  await engine.close()
  const second = await startMachine(here)
  here.write('b.md', 'b\n')
  await second.daemon.sync(null)
  await until('it is gone', () => mirrored() === '')
})
