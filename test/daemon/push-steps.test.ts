import { expect, test } from 'vitest'
import { stepsOf } from '../../src/daemon/push-steps.ts'

const made = (...sizes: readonly number[]) => sizes.map((sizeBytes, at) => ({ oid: `${at}`, base: null, sizeBytes }))

test.each([
  ['nothing', [], []],
  ['what fits', [40, 60], []],
  ['more than fits', [40, 60, 1], ['1']],
  ['a commit that is too large alone', [500], []],
  ['one among others', [10, 500, 10], ['0', '1']],
  ['very much', [60, 60, 60, 60], ['0', '1', '2']],
])('a push of %s', (_, sizes, steps) => {
  expect(stepsOf(made(...sizes), 100)).toEqual(steps)
})
