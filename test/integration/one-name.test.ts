import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { systemDisk } from '../../src/git/disk.ts'
import { commitPaths, openEngine } from '../support/open-engine.ts'
import { makeRepo, type TempRepo } from '../support/temp-repo.ts'

/** A file system on which a file has one name, as on most sticks. */
const disk = {
  ...systemDisk,
  link: (): boolean => {
    throw Object.assign(new Error('operation not permitted'), { code: 'EPERM' })
  },
}

let repo: TempRepo
let engine: GitEngine
const lock = (): string => join(repo.root, '.git', 'index.lock')

beforeEach(async () => {
  repo = makeRepo({ a: 'a\n' })
  engine = await openEngine(repo, { disk })
})

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

test('where files have one name only commits are made all the same, and no lock is left', async () => {
  for (const text of ['b\n', 'c\n']) {
    repo.write('a', text)
    expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'committed' })
    expect(repo.show('HEAD:a')).toBe(text)
    expect(existsSync(lock())).toBe(false)
  }
  expect(repo.git('status', '--porcelain')).toBe('')
})

test('somebody else’s lock is waited for and left there, also one with the text of an earlier version', async () => {
  repo.write('a', 'b\n')
  for (const text of ['', 'workspace-sync holds this lock for a moment while it commits.\n']) {
    writeFileSync(lock(), text)
    expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'failed', failure: { name: 'locked' } })
    expect(existsSync(lock())).toBe(true)
  }
})

test('a lock that a crash left is known by its text, and taken over', async () => {
  repo.write('a', 'b\n')
  expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'committed' })
  writeFileSync(lock(), systemDisk.read(join(repo.root, '.git', 'workspace-sync', 'lock-token')) ?? '')
  repo.write('a', 'c\n')
  expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'committed' })
  expect(existsSync(lock())).toBe(false)
})
