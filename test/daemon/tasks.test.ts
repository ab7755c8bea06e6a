import { expect, test } from 'vitest'
import { createBoard, type Parts } from '../../src/daemon/board.ts'
import { createTasks } from '../../src/daemon/tasks.ts'
import { SyncError } from '../../src/errors.ts'
import type { Pause } from '../../src/types.ts'

const head = { ref: 'refs/heads/main', oid: 'a' }
const pause: Pause = { name: 'paused', detail: 'somebody said so', stops: 'commit' }

test('a repository that cannot be asked right after what stopped an integration ends no daemon', async () => {
  const engine = {
    repository: { indexPath: '/nonexistent/index' },
    settled: () => Promise.resolve(null),
    head: () => Promise.resolve(head),
    upstream: () => Promise.resolve({ remote: 'origin', ref: head.ref, address: '/r' }),
  }
  const state = { value: { branches: null, tips: [], journal: null } }
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
