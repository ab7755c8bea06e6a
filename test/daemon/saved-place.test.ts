import { expect, test } from 'vitest'
import { isCopy } from '../../src/daemon/saved-place.ts'

const here = { path: '/w', inode: '1', born: '100' }

test('what was moved, or mounted anew, is no copy', () => {
  expect(isCopy(here, { ...here, path: '/moved' })).toBe(false)
  expect(isCopy(here, { ...here, inode: '2' })).toBe(false)
})

test('a copy was born later, also one that took the place of its original', () => {
  expect(isCopy(here, { ...here, inode: '2', born: '200' })).toBe(true)
  expect(isCopy(here, { path: '/copy', inode: '2', born: '200' })).toBe(true)
})

test('where a directory does not say when it was born, a copy lies elsewhere and has another number', () => {
  const unborn = { ...here, born: null }
  expect(isCopy(unborn, { ...unborn, path: '/moved' })).toBe(false)
  expect(isCopy(unborn, { ...unborn, inode: '2' })).toBe(false)
  expect(isCopy(unborn, { ...unborn, path: '/copy', inode: '2' })).toBe(true)
})
