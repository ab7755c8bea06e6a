import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { systemDisk } from '../../src/git/disk.ts'
import type { Disk } from '../../src/git/disk.ts'
import type { GitEngine } from '../../src/git/git.ts'
import { systemClock } from '../../src/platform/platform.ts'
import { commitPaths, eachEngine, openEngine } from '../support/open-engine.ts'
import { makeRepo } from '../support/temp-repo.ts'
import type { TempRepo } from '../support/temp-repo.ts'

let repo: TempRepo
let engine: GitEngine

afterEach(async () => {
  await engine.close()
  repo.dispose()
})

const second = new Date('2020-01-01T00:00:00Z')

/** What tells a file's write from the one before: all but its bytes stay as they were. */
function writeInThatSecond(path: string, text: string): void {
  writeFileSync(join(repo.root, path), text)
  utimesSync(join(repo.root, path), second, second)
}

/** `edited` was committed by hand and edited anew at once: only the index's own date tells git to look at it. */
function editAfterCommit(): void {
  repo = makeRepo({ edited: 'AAAA\n', other: '1\n' })
  repo.git('config', 'core.trustctime', 'false')
  writeInThatSecond('edited', 'BBBB\n')
  repo.git('commit', '-q', '-a', '-m', 'by hand')
  utimesSync(join(repo.root, '.git', 'index'), second, second)
  writeInThatSecond('edited', 'CCCC\n')
}

eachEngine(() => {
  test('what was edited in the second of its commit still shows as changed after a commit of ours', async () => {
    editAfterCommit()
    expect(repo.git('--no-optional-locks', 'status', '--porcelain')).toBe(' M edited')
    engine = await openEngine(repo)
    repo.write('other', '2\n')
    expect(await commitPaths(engine, ['other'])).toMatchObject({ kind: 'committed' })
    expect(repo.git('--no-optional-locks', 'status', '--porcelain')).toBe(' M edited')
    expect(await engine.changedPaths()).toEqual(['edited'])
  })
})

test('without git, what is written between the look at a file and the writing of the index shows as changed', async () => {
  repo = makeRepo({ edited: 'AAAA\n' })
  repo.git('config', 'core.trustctime', 'false')
  writeInThatSecond('edited', 'BBBB\n')
  const disk: Disk = {
    ...systemDisk,
    create: (path, bytes, mode) => {
      if (path.endsWith('index-copy')) writeInThatSecond('edited', 'CCCC\n')
      systemDisk.create(path, bytes, mode)
    },
  }
  const clock = { ...systemClock, nowMs: () => second.getTime() + 999 }
  engine = await openEngine(repo, { engine: 'embedded', disk, clock })
  expect(await commitPaths(engine, ['edited'])).toMatchObject({ kind: 'committed' })
  expect(repo.git('--no-optional-locks', 'status', '--porcelain')).toBe(' M edited')
})
