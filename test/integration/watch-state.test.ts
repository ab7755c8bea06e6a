import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createStateWatch } from '../../src/events/events.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { until } from '../support/until.ts'
import { temporaryFolder } from '../support/watched-tree.ts'

function watchState(gatherMs = 0) {
  const git = join(temporaryFolder(), '.git')
  mkdirSync(join(git, 'refs', 'heads'), { recursive: true })
  mkdirSync(join(git, 'objects'))
  const told: (readonly string[])[] = []
  const watch = createStateWatch({
    directories: [git, join(git, 'refs', 'heads')],
    clock: systemClock,
    gatherMs,
    onChange: (names) => told.push(names),
  })
  onTestFinished(() => watch.close())
  return { git, told, watch }
}

test('a moved HEAD, a moved branch and a new state directory are told by name', async () => {
  const { git, told } = watchState()
  writeFileSync(join(git, 'HEAD.lock'), 'ref')
  renameSync(join(git, 'HEAD.lock'), join(git, 'HEAD'))
  writeFileSync(join(git, 'refs', 'heads', 'main'), 'oid')
  mkdirSync(join(git, 'rebase-merge'))
  await until('told', () => ['HEAD', 'main', 'rebase-merge'].every((name) => told.flat().includes(name)))
  expect(told.flat().filter((name) => name.endsWith('.lock'))).toEqual([])
})

test('changes gather, and what lies deeper is not told', async () => {
  const { git, told } = watchState(60)
  writeFileSync(join(git, 'objects', 'blob'), '')
  for (const name of ['ORIG_HEAD', 'index', 'index']) writeFileSync(join(git, name), '')
  writeFileSync(join(git, 'index.lock'), '')
  await until('told', () => told.length > 0)
  expect(told).toEqual([['ORIG_HEAD', 'index']])
})

test('a lock alone is not told', async () => {
  const { git, told } = watchState()
  writeFileSync(join(git, 'index.lock'), '')
  rmSync(join(git, 'index.lock'))
  writeFileSync(join(git, 'HEAD'), '')
  await until('told', () => told.length > 0)
  expect(new Set(told.flat())).toEqual(new Set(['HEAD']))
})

test('a directory that is removed is missing, and watched again when it is back', async () => {
  const { git, told, watch } = watchState()
  expect(watch.missing()).toEqual([])
  rmSync(join(git, 'refs', 'heads'), { recursive: true })
  await until('missing', () => watch.missing().length === 1)
  expect(watch.missing()).toEqual([join(git, 'refs', 'heads')])
  mkdirSync(join(git, 'refs', 'heads'))
  writeFileSync(join(git, 'HEAD'), '')
  await until('watched again', () => watch.missing().length === 0)
  told.length = 0
  writeFileSync(join(git, 'refs', 'heads', 'main'), 'oid')
  await until('told', () => told.flat().includes('main'))
})

test('which directories are watched may change with what changed', async () => {
  const git = join(temporaryFolder(), '.git')
  for (const name of ['a', 'b']) mkdirSync(join(git, name), { recursive: true })
  let more = 'a'
  const told: (readonly string[])[] = []
  const watch = createStateWatch({
    directories: [git],
    more: () => [join(git, more)],
    clock: systemClock,
    gatherMs: 0,
    onChange: (names) => told.push(names),
  })
  onTestFinished(() => watch.close())
  writeFileSync(join(git, 'a', 'first'), '')
  await until('told', () => told.flat().includes('first'))
  more = 'b'
  writeFileSync(join(git, 'HEAD'), '')
  await until('told', () => told.flat().includes('HEAD'))
  writeFileSync(join(git, 'a', 'unseen'), '')
  writeFileSync(join(git, 'b', 'second'), '')
  await until('told', () => told.flat().includes('second'))
  expect(told.flat()).not.toContain('unseen')
})
