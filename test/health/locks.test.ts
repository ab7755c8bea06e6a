import { spawn } from 'node:child_process'
import { utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { lookAtLocks } from '../../src/health/locks.ts'
import { openEngine } from '../support/open-engine.ts'
import { gitEnvironment, makeRepo } from '../support/temp-repo.ts'

test('a git that the look itself has started is not taken for the owner of an old lock', async (context) => {
  const repo = makeRepo({ f: '0\n' })
  const engine = await openEngine(repo)
  const helper = spawn('git', ['cat-file', '--batch'], { cwd: repo.root, env: gitEnvironment })
  context.onTestFinished(async () => {
    helper.kill()
    await engine.close()
    repo.dispose()
  })
  await new Promise((resolve) => helper.once('spawn', resolve))
  const lock = join(repo.root, '.git', 'index.lock')
  writeFileSync(lock, '')
  utimesSync(lock, 1_000_000, 1_000_000)
  const { git } = await lookAtLocks(engine, 2_000_000_000_000)
  expect(git).toMatchObject([{ path: lock, owner: null, isOurs: false }])
})
