import { expect, test } from 'vitest'
import type { Parts } from '../../src/daemon/board.ts'
import { recovered } from '../../src/daemon/recovered.ts'
import { memoryState } from '../support/memory-state.ts'

const bringing = { ref: 'refs/heads/main', base: null, commit: 'c', ready: '/r', there: [], diverged: [] }
const interrupted = { bringing, journal: { id: '1', ref: 'refs/heads/main', base: null, commit: 'c', paths: [] } }

const partsOf = (more: object): Parts => {
  const engine = {
    recover: () => Promise.resolve({ committed: null, failure: null }),
    pauses: () => Promise.resolve([]),
    head: () => Promise.reject(new Error('asked')),
    ...more,
  }
  return {
    engine,
    state: memoryState(interrupted),
    journal: { write: () => {} },
    dryRun: 'dryRun' in more,
    pause: { current: () => ('paused' in more ? { name: 'paused' } : null) },
  } as unknown as Parts
}

test('who writes nothing finishes nothing', async () => {
  const recover = (): never => expect.unreachable('nothing is asked')
  expect(await recovered(partsOf({ dryRun: true, recover }))).toBeNull()
})

test('while a pause or an operation of git keeps it from being done, nothing may be committed', async () => {
  await expect(recovered(partsOf({}))).rejects.toThrow('asked')
  const waits = { name: 'locked', heals: 'backoff' }
  expect(await recovered(partsOf({ paused: true }))).toMatchObject(waits)
  expect(await recovered(partsOf({ pauses: () => Promise.resolve([{ what: 'a merge' }]) }))).toMatchObject(waits)
})
