import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { TempRepo } from '../support/temp-repo.ts'
import { makeMachines, startMachine, type Machines } from '../support/two-machines.ts'

const lines = (edit: string): string => Array.from({ length: 30 }, (_, at) => `line ${at === 5 ? edit : at}\n`).join('')
const read = (root: string, path: string): string | null =>
  existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : null
const filesOf = (remote: TempRepo): string[] => remote.git('ls-tree', '-r', '--name-only', 'main').split('\n')

/** By hand, on both sides of one file: a name (null: deleted), and what becomes of its line. */
function apart(
  { here, there }: Machines,
  ours: readonly [string | null, string],
  theirs: readonly [string | null, string],
): void {
  for (const [repo, [name, edit]] of [
    [there, theirs],
    [here, ours],
  ] as const) {
    if (name === null) repo.git('rm', '-q', 'a.md')
    else {
      if (name !== 'a.md') repo.git('mv', 'a.md', name)
      repo.write(name, lines(edit))
    }
    repo.git('add', '-A')
    repo.git('commit', '-q', '-m', 'by hand')
  }
  there.git('push', '-q')
}

test('one file renamed to two names and edited in one place: both files, each as it was written', async () => {
  const machines = makeMachines({ 'a.md': lines('5') })
  apart(machines, ['ours.md', 'ours'], ['theirs.md', 'theirs'])
  const { here, remote } = machines
  const { daemon } = await startMachine(here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(filesOf(remote)).toEqual(['ours.md', 'theirs.md'])
  for (const side of ['ours', 'theirs']) {
    expect(remote.show(`main:${side}.md`)).toBe(lines(side))
    expect(read(here.root, `${side}.md`)).toBe(lines(side))
  }
})

test('renamed here over a name that the remote made, and edited there under the old one: every edit is somewhere', async () => {
  const machines = makeMachines({ 'a.md': lines('5') })
  const { here, there, remote } = machines
  there.write('b.md', 'another\n')
  apart(machines, ['b.md', 'ours'], ['a.md', 'theirs'])
  const { daemon } = await startMachine(here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(remote.show('main:a.md')).toBe(lines('theirs'))
  expect(remote.show('main:b.md')).toBe('another\n')
  const [kept] = here.git('for-each-ref', '--format=%(refname)', 'refs/workspace-sync/conflicts/').split('\n')
  expect(here.show(`${kept}:b.md`)).toBe(lines('ours'))
})

test('renamed and edited here, deleted there: what was written here stays', async () => {
  const machines = makeMachines({ 'a.md': lines('5') })
  apart(machines, ['b.md', 'ours'], [null, ''])
  const { daemon } = await startMachine(machines.here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(filesOf(machines.remote)).toEqual(['b.md'])
  expect(machines.remote.show('main:b.md')).toBe(lines('ours'))
})

test('renamed here and edited there: the edit follows', async () => {
  const machines = makeMachines({ 'a.md': lines('5') })
  apart(machines, ['b.md', '5'], ['a.md', 'theirs'])
  const { daemon } = await startMachine(machines.here)
  expect(await daemon.sync(null)).toEqual({ ok: true, held: [], problem: null })
  expect(filesOf(machines.remote)).toEqual(['b.md'])
  expect(machines.remote.show('main:b.md')).toBe(lines('theirs'))
})
