import { expect, test } from 'vitest'
import { liesStill } from '../../src/daemon/still-lies.ts'
import type { DiskEntry } from '../../src/types.ts'

function file(fingerprint: string): DiskEntry {
  return { kind: 'file', executable: false, sizeBytes: 1, changedAtMs: 0, fingerprint }
}

test('what went away or came since it was read is something else, whoever did it', () => {
  expect(liesStill(file('1'), null, true)).toBe(false)
  expect(liesStill(null, file('1'), true)).toBe(false)
  expect(liesStill(null, null, false)).toBe(true)
})

test('what was written since counts as before; what was written together with the index is of another commit', () => {
  expect(liesStill(file('1'), file('2'), true)).toBe(true)
  expect(liesStill(file('1'), file('2'), false)).toBe(false)
  expect(liesStill(file('1'), file('1'), false)).toBe(true)
})
