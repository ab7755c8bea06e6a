import { expect, test } from 'vitest'
import { createBoard } from '../../src/daemon/board.ts'
import { heldMb } from '../support/heap.ts'

test('what is remembered of a workspace takes no memory before there is anything to remember', () => {
  const { mb } = heldMb(() =>
    createBoard({ ref: null, oid: null }, { lastCommit: null, lastPush: null, deletedBefore: [] }),
  )
  expect(mb).toBeLessThan(0.5)
})
