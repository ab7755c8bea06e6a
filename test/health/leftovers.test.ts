import { chownSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { openRepository } from '../../src/git/git.ts'
import { leftovers } from '../../src/health/leftovers.ts'
import { processes } from '../../src/platform/platform.ts'
import { gitEnvironment, makeRepo, tempDirectory } from '../support/temp-repo.ts'

/** A shared temporary folder with one scratch folder, whose maker is as told. */
function scratchOf(changed: object, name = 'workspace-sync-a1'): { readonly shared: string; readonly folder: string } {
  const place = tempDirectory()
  onTestFinished(() => place.dispose())
  const folder = join(place.path, name)
  mkdirSync(folder)
  processes.scratch.claim(folder)
  const owner = JSON.parse(readFileSync(join(folder, 'owner'), 'utf8')) as object
  writeFileSync(join(folder, 'owner'), JSON.stringify({ ...owner, ...changed }))
  return { shared: place.path, folder }
}

const left = (shared: string): readonly string[] => leftovers('/nonexistent', '/nonexistent', shared, false, Date.now())
/** No process has it, now or ever. */
const dead = { pid: 4_194_303, startTick: 1 }

test('a scratch folder of a process of ours that is gone is left behind, whoever has its pid now', () => {
  const gone = scratchOf(dead)
  expect(left(gone.shared)).toEqual([gone.folder])
  const reused = scratchOf({ startTick: 1 })
  expect(left(reused.shared)).toEqual([reused.folder])
})

test.each<[string, object]>([
  ['a process that lives', {}],
  ['a process of a container, which cannot be seen from here', { ...dead, space: 'pid:[1]' }],
  ['a process of another machine, or of before its start', { ...dead, boot: 'another' }],
  ['another program that has a file of that name', { ...dead, program: 'other' }],
  ['nobody that can be understood', { pid: 'x' }],
])('what belongs to %s is left alone', (_, changed) => {
  expect(left(scratchOf(changed).shared)).toEqual([])
})

test('a folder without a word, one of another name, and a link are left alone', () => {
  const place = scratchOf(dead, 'mine')
  mkdirSync(join(place.shared, 'workspace-sync-empty'))
  symlinkSync(place.folder, join(place.shared, 'workspace-sync-link'))
  expect(left(place.shared)).toEqual([])
})

test.skipIf(process.getuid?.() !== 0)('what belongs to another user is left alone (needs root)', () => {
  const folder = scratchOf(dead)
  chownSync(folder.folder, 12_345, 12_345)
  expect(left(folder.shared)).toEqual([])
  const file = scratchOf(dead)
  chownSync(join(file.folder, 'owner'), 12_345, 12_345)
  expect(left(file.shared)).toEqual([])
})

test('a repository that is open for reading is no leftover', async () => {
  const repo = makeRepo({ f: '0\n' })
  onTestFinished(() => repo.dispose())
  const place = tempDirectory()
  onTestFinished(() => place.dispose())
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = place.path
  const engine = await openRepository(repo.root, { environment: gitEnvironment, readOnly: true })
  if (before === undefined) delete process.env['TMPDIR']
  else process.env['TMPDIR'] = before
  expect(readdirSync(place.path)).toHaveLength(1)
  expect(left(place.path)).toEqual([])
  await engine.close()
})
