import { expect, test } from 'vitest'
import { isDiverged } from '../../src/daemon/diverged.ts'
import { freshState, parseState } from '../../src/daemon/state-schema.ts'
import { pathBytes } from '../../src/types.ts'

const path = pathBytes('a.md')
const file = (oid: string) => ({ mode: '100644', oid }) as const

test('what an older version noted without a branch counts on all of them', () => {
  const { given: _, ...state } = freshState('0'.repeat(16))
  const old = { ...state, diverged: [{ path: 'a.md', reason: 'staged', atMs: 1 }] }
  const read = parseState(JSON.stringify(old))
  expect(read).toMatchObject({ given: [], diverged: [{ ref: null }] })
  for (const ref of ['refs/heads/main', 'refs/heads/dev', null]) expect(isDiverged(read, ref, path, null)).toBe(true)
})

test('what is older than one branch counts on it, and on one that has just what the remote had', () => {
  const theirs = { commit: 'c', oid: 'theirs' }
  const diverged = [{ path, reason: 'staged', atMs: 1, ref: 'refs/heads/main', theirs }]
  expect(isDiverged({ diverged }, 'refs/heads/main', path, file('newer'))).toBe(true)
  expect(isDiverged({ diverged }, 'refs/heads/dev', path, file('another'))).toBe(false)
  expect(isDiverged({ diverged }, 'refs/heads/dev', path, file('theirs'))).toBe(true)
  expect(isDiverged({ diverged }, 'refs/heads/dev', path, null)).toBe(false)
})
