import { randomBytes } from 'node:crypto'
import { renameSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { startHere } from '../support/daemon-here.ts'
import { addRemote, makeRepo } from '../support/temp-repo.ts'
import { until } from '../support/until.ts'

vi.setConfig({ testTimeout: 60_000 })

const kilobyte = 1024

test('much at once leaves in several commits, and reaches a host that refuses large pushes', async () => {
  const repo = makeRepo({ 'a.md': 'first\n' })
  onTestFinished(() => repo.dispose())
  const remote = addRemote(repo)
  remote.git('config', 'receive.maxInputSize', '250k')
  const { daemon, stop } = await startHere(repo, { sets: ['guard.maxCommitSize=100KB', 'retry.delays=["50ms"]'] })
  onTestFinished(stop)
  // Nobody to push to, until all is committed.
  const away = join(dirname(remote.root), 'away.git')
  renameSync(remote.root, away)
  for (let at = 0; at < 8; at++) repo.write(`photos/${at}.bin`, randomBytes(60 * kilobyte))
  expect((await daemon.sync(null)).ok).toBe(false)
  const commits = (): readonly string[] => repo.git('rev-list', '--reverse', 'origin/main..main').split('\n')
  await until('each is a commit', () => commits().length === 8, 20_000)
  renameSync(away, remote.root)
  await until('the remote has it all', async () => (await daemon.sync(null)).ok, 30_000)
  expect(remote.git('rev-parse', 'main')).toBe(repo.git('rev-parse', 'main'))
  expect(remote.git('ls-tree', '-r', '--name-only', 'main').split('\n')).toHaveLength(9)
})
