import { expect, test } from 'vitest'
import { createBoard, type Parts } from '../../src/daemon/board.ts'
import { createTasks } from '../../src/daemon/tasks.ts'
import { SyncError } from '../../src/errors.ts'
import { pathBytes, type Batch, type Pause } from '../../src/types.ts'
import { memoryState } from '../support/memory-state.ts'

const head = { ref: 'refs/heads/main', oid: 'a' }
const pause: Pause = { name: 'paused', detail: 'somebody said so', stops: 'commit' }

test('a repository that cannot be asked right after what stopped an integration ends no daemon', async () => {
  const engine = {
    repository: { indexPath: '/nonexistent/index' },
    settled: () => Promise.resolve(null),
    head: () => Promise.resolve(head),
    upstream: () => Promise.resolve({ remote: 'origin', ref: head.ref, address: '/r' }),
  }
  const state = memoryState()
  const home = { isGone: () => false }
  const parts = { engine, state, home, config: { branches: null } } as unknown as Parts
  const tasks = createTasks(parts, createBoard(head, { lastCommit: null, lastPush: null, deletedBefore: [] }))
  let calls = 0
  const answer = await tasks.integrate(1, () => {
    calls += 1
    if (calls === 1) return Promise.resolve([pause])
    return Promise.reject(new SyncError('repository', 'the configuration cannot be read', 'mend it'))
  })
  expect(calls).toBe(2)
  expect(answer).toEqual([{ kind: 'integrated', result: { kind: 'stopped', commits: 0 } }])
})

test('where the workspace was taken away nothing is asked, done or concluded', async () => {
  const untouchable = new Proxy({}, { get: (_, name) => expect.unreachable(`asked for ${String(name)}`) })
  const parts = { engine: untouchable, state: untouchable, home: { isGone: () => true } } as unknown as Parts
  const tasks = createTasks(
    new Proxy(parts, { get: (target, name) => (name in target ? target[name as keyof Parts] : untouchable) }),
    createBoard(head, { lastCommit: null, lastPush: null, deletedBefore: [] }),
  )
  const noPauses = () => Promise.resolve([])
  const gone = { detail: expect.stringContaining('workspace folder is gone'), heals: 'backoff' }
  const batch: Batch = { id: 7, paths: [pathBytes('a')], group: 'workspace', trigger: 'automatic' }
  expect(await tasks.commit(batch, noPauses)).toMatchObject([
    { kind: 'batch-done', batchId: 7, result: { committed: null, failure: gone } },
  ])
  expect(await tasks.push(noPauses)).toMatchObject([{ outcome: { kind: 'failed', failure: gone } }])
  expect(await tasks.verify(noPauses)).toMatchObject([{ view: null, failure: gone }])
  expect(await tasks.reconcile('test', [], () => {})).toMatchObject([{ ok: false, failure: gone }])
})
