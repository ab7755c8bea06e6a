import { expect, test } from 'vitest'
import { bornNs, isSamePlace } from '../src/place.ts'

test('a directory is another one by its device, its number or its birth, as far as that is told', () => {
  expect(isSamePlace('1.2.3', '1.2.3')).toBe(true)
  for (const other of ['2.2.3', '1.3.3', '1.2.4', null]) expect(isSamePlace('1.2.3', other)).toBe(false)
  expect(isSamePlace('1.2.', '1.2.3')).toBe(true)
  expect(isSamePlace('1.2.3', '1.2.')).toBe(true)
  expect(isSamePlace(null, null)).toBe(true)
})

test('a birth that is the time of the last change is none: where it is not told, that stands for it', () => {
  const stat = (birthtimeNs: bigint, ctimeNs: bigint) => bornNs({ birthtimeNs, ctimeNs } as never)
  expect([stat(1n, 2n), stat(2n, 2n), stat(0n, 2n)]).toEqual([1n, null, null])
})
