import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { GitEngine } from '../../src/git/git.ts'
import { systemDisk } from '../../src/git/disk.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
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

eachEngine(() => {
  test('where files have one name only commits are made all the same, and no lock is left', async () => {
    for (const text of ['b\n', 'c\n']) {
      repo.write('a', text)
      expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'committed' })
      expect(repo.show('HEAD:a')).toBe(text)
      expect(existsSync(lock())).toBe(false)
      expect(readdirSync(join(repo.root, '.git/refs/heads'))).toEqual(['main'])
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

  test('the token of an earlier version proves nothing by its text, and is made anew before a lock is made of it', async () => {
    const earlier = 'workspace-sync holds this lock for a moment while it commits.\n'
    mkdirSync(engine.repository.stateDir, { recursive: true })
    writeFileSync(join(engine.repository.stateDir, 'lock-token'), earlier)
    writeFileSync(lock(), earlier)
    const longAgoS = Date.now() / 1_000 - 3_600
    utimesSync(lock(), longAgoS, longAgoS)
    expect(await engine.pauses()).toMatchObject([{ name: 'locked' }])
    rmSync(lock())
    repo.write('a', 'b\n')
    expect(await commitPaths(engine, ['a'])).toMatchObject({ kind: 'committed' })
    expect(existsSync(lock())).toBe(false)
  })
})
