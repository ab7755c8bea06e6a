import { expect, test } from 'vitest'
import { nearest } from '../../src/config/nearest.ts'

const known = ['remote', 'branches', 'debounce.default', 'debounce.code', 'limits.commitsPerHour', 'log.maxSize']

test.each([
  ['remot', 'remote'],
  ['Remote', 'remote'],
  ['brnaches', 'branches'],
  ['debounce.defualt', 'debounce.default'],
  ['debounce.cod', 'debounce.code'],
  ['limits.commitPerHours', 'limits.commitsPerHour'],
])('%s was meant as %s', (name, meant) => {
  expect(nearest(name, known)).toBe(meant)
})

test('a key without its section is found when only one section has it', () => {
  expect(nearest('commitsPerHour', known)).toBe('limits.commitsPerHour')
})

test('nothing is suggested for a name that resembles none', () => {
  expect(nearest('colour', known)).toBeNull()
  expect(nearest('', known)).toBeNull()
  expect(nearest('x'.repeat(10_000), known)).toBeNull()
})
