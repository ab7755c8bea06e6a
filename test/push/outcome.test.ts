import { expect, test } from 'vitest'
import { noUpstream, viewOfTip } from '../../src/push/outcome.ts'

test('a branch without an upstream needs a person, and is told by its short name', () => {
  expect(noUpstream('refs/heads/topic/one').failure).toMatchObject({
    name: 'no-upstream',
    detail: 'branch topic/one has no upstream',
    heals: 'person',
  })
})

test('an empty remote lacks something, one with our commit lacks nothing', () => {
  expect(viewOfTip(null)).toMatchObject({ ahead: 1, behind: 0 })
  expect(viewOfTip('a'.repeat(40))).toMatchObject({ ahead: 0, behind: 0 })
})
