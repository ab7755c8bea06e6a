import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startDaemon } from '../support/daemon.ts'
import { until } from '../support/until.ts'
import { makeWorkspace } from '../support/workspace.ts'
import { writeInChild } from '../support/write-in-child.ts'

// Where a rule allows them: on a busy machine they leave in several commits, and the breaker would slow the third down.
const files = Array.from({ length: 20_000 }, (_, i) => `docs/${i % 16}/file-${i}.md`)

test('what happens while the daemon is stopped, more than the system remembers, is all found', async (context) => {
  const queueMax = Number(readFileSync('/proc/sys/fs/inotify/max_queued_events', 'utf8'))
  const workspace = makeWorkspace(context)
  await workspace.run(['init'])
  const daemon = await startDaemon(workspace)
  // Directories that are watched already: each file is at least two events.
  await writeInChild(workspace.root, files.slice(0, 16))
  await until('the directories are known', () => workspace.remotePaths().length === 17, 10_000)
  daemon.kill('SIGSTOP')
  await writeInChild(workspace.root, files)
  daemon.kill('SIGCONT')
  await until('all are on the remote', () => workspace.remotePaths().length === 20_001, 90_000)
  expect(2 * files.length).toBeGreaterThan(queueMax)
  await until('the index knows it too', () => workspace.repo.git('status', '--porcelain') === '', 10_000)
}, 150_000)
