import { expect, test } from 'vitest'
import { createBoard, type Parts } from '../../src/daemon/board.ts'
import { mirrorConflicts } from '../../src/daemon/mirror.ts'
import type { Ref } from '../../src/git/git.ts'
import type { Failure } from '../../src/types.ts'
import { memoryState } from '../support/memory-state.ts'

const branch = 'refs/heads/main'
const kept = (name: string): Ref => {
  return { name: `refs/workspace-sync/conflicts/${'0'.repeat(16)}/${name}`, oid: name.padEnd(40, '0') }
}
const refusal: Failure = { name: 'rejected', detail: 'no such refs', hint: 'none', heals: 'backoff' }

/** A clone that keeps `own`, and a remote that has `there`. */
function place(own: readonly Ref[], there: readonly Ref[], settled: readonly Ref[] = []) {
  const did: string[] = []
  const remote = { refs: [...there], refuses: false }
  const engine = {
    survey: { refs: () => Promise.resolve(own) },
    upstream: () => Promise.resolve({ remote: 'origin', address: '/remote', ref: branch }),
    refsThere: () => Promise.resolve({ refs: [...remote.refs] }),
    mirrorRefs: () => {
      did.push('sent')
      if (remote.refuses) return Promise.resolve(refusal)
      remote.refs = [...own]
      return Promise.resolve(null)
    },
    removeThere: (_: string, { name }: Ref) => {
      did.push(`removed ${name}`)
      remote.refs = remote.refs.filter((ref) => ref.name !== name)
      return Promise.resolve(null)
    },
  }
  const parts = {
    engine,
    state: memoryState({ mirrors: true, settled: [...settled] }),
    clock: { monotonicMs: () => 0 },
    pushEnabled: true,
    dryRun: false,
    pause: { current: () => null },
  } as unknown as Parts
  const board = createBoard({ ref: branch, oid: null }, { lastCommit: null, lastPush: null, deletedBefore: [] })
  return { did, remote, mirror: () => mirrorConflicts(parts, board, branch) }
}

test('what was settled here leaves the remote, once', async () => {
  const { did, mirror } = place([], [kept('a'), kept('b')], [kept('a')])
  await mirror()
  await mirror()
  expect(did).toEqual([`removed ${kept('a').name}`])
})

test('what was settled and is kept again stays there', async () => {
  const { did, remote, mirror } = place([kept('a')], [kept('a')], [kept('a')])
  await mirror()
  expect(did).toEqual([])
  expect(remote.refs).toEqual([kept('a')])
})

test('a remote that refuses such refs is tried a few times, and one that was only away has them then', async () => {
  const refusing = place([kept('a')], [])
  refusing.remote.refuses = true
  for (let looks = 0; looks < 20; looks++) await refusing.mirror()
  expect(refusing.did).toEqual(Array.from({ length: 5 }, () => 'sent'))
  const away = place([kept('a')], [])
  away.remote.refuses = true
  await away.mirror()
  away.remote.refuses = false
  for (let looks = 0; looks < 3; looks++) await away.mirror()
  expect(away.did).toEqual(['sent', 'sent'])
  expect(away.remote.refs).toEqual([kept('a')])
})
