import { chmodSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test, vi } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { everyPath } from '../support/listing.ts'
import { openRepoAt } from '../support/temp-repo.ts'
import { pushFrom } from '../support/two-machines.ts'
import { until } from '../support/until.ts'
import { makeWorkspace, type Workspace } from '../support/workspace.ts'

vi.setConfig({ testTimeout: 60_000 })

const lockName = 'refs/remotes/origin/main.lock'

function pushElsewhere({ root, remote }: Workspace): void {
  const there = openRepoAt(join(root, '..', 'there'))
  openRepoAt(join(root, '..')).git('clone', '-q', remote.root, 'there')
  pushFrom(there, { 'theirs.md': 'theirs\n' })
}

function locksIn(root: string): readonly string[] {
  return everyPath(join(root, '.git')).filter((path) => path.endsWith('.lock') && !path.endsWith('/daemon.lock'))
}

test.concurrent('killed with all its children amid a fetch, the next daemon takes their lock away', async (context) => {
  const workspace = makeWorkspace(context)
  const hook = join(workspace.root, '.git', 'hooks', 'reference-transaction')
  const held = join(workspace.root, '..', 'held')
  const first = await startDaemon(workspace)
  writeFileSync(hook, `#!/bin/sh\nif [ "$1" = prepared ]; then echo $PPID > ${held}; exec sleep 600; fi\n`)
  chmodSync(hook, 0o755)
  pushElsewhere(workspace)
  await until('a git of ours holds a lock', () => existsSync(held) && readFileSync(held, 'utf8') !== '', 20_000)
  const killed = first.kill9()
  process.kill(-Number(readFileSync(held, 'utf8')), 'SIGKILL')
  await killed
  rmSync(hook)
  expect(locksIn(workspace.root)).toEqual([lockName])

  await startDaemon(workspace)
  await until('theirs comes in', () => existsSync(join(workspace.root, 'theirs.md')), 20_000)
  await until('no lock is left', () => locksIn(workspace.root).length === 0, 20_000)
})

test.concurrent("somebody else's lock is waited for, left alone and named in status", async (context) => {
  const workspace = makeWorkspace(context)
  const lock = join(workspace.root, '.git', lockName)
  writeFileSync(lock, '')
  const daemon = await startDaemon(workspace)
  pushElsewhere(workspace)
  await until('status names it', () => JSON.stringify(daemon.status()).includes(lockName), 20_000)
  expect(locksIn(workspace.root)).toEqual([lockName])
  rmSync(lock)
  await until('theirs comes in', () => existsSync(join(workspace.root, 'theirs.md')), 20_000)
})
