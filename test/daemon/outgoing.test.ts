import { expect, test } from 'vitest'
import { isOursSince } from '../../src/daemon/outgoing.ts'

const made = (...pairs: readonly (readonly [string, string | null])[]) =>
  pairs.map(([oid, base]) => ({ oid, base, sizeBytes: 1 }))

test.each([
  ['the remote has it', ['a'], made(), 'a', true],
  ['one commit of ours', ['a'], made(['b', 'a']), 'b', true],
  ['a row of ours', ['a'], made(['b', 'a'], ['c', 'b']), 'c', true],
  ['one of somebody between', ['a'], made(['c', 'b']), 'c', false],
  ['one of somebody on top', ['a'], made(['b', 'a']), 'c', false],
  ['one that was looked at between', ['a', 'b'], made(['c', 'b']), 'c', true],
  ['all there is', [], made(['a', null], ['b', 'a']), 'b', true],
  ['nothing known', [], made(), 'a', false],
])('who made what is pushed: %s', (_, known, all, oid, isOurs) => {
  expect(isOursSince(known, all, oid)).toBe(isOurs)
})
