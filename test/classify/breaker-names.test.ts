import { expect, test } from 'vitest'
import { createBreaker } from '../../src/classify/breaker.ts'
import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { pathBytes } from '../../src/types.ts'
import { seeded } from '../simulation/writers.ts'
import type { Breaker } from '../../src/classify/breaker.ts'

/** Commits each of these, one a minute from 0 on; three make a pattern slow. */
function breakerAfter(...names: readonly string[]): Breaker {
  const breaker = createBreaker(breakerDefaults, null)
  for (const [index, name] of names.entries()) {
    breaker.wrote(pathBytes(name), index * 60_000, false)
    breaker.committed([pathBytes(name)], index * 60_000 + 30_000)
  }
  return breaker
}

function laneOf(breaker: Breaker, name: string): string {
  return breaker.lane(pathBytes(name), 600_000, () => 0.5).kind
}

test('ever-new names, in ever-new directories, are one pattern', () => {
  const breaker = breakerAfter(
    'runs/1/ckpt-2026-11-20T10-01-00.json',
    'runs/2/ckpt-2026-11-20T10-02-00.json',
    'runs/3/ckpt-2026-11-20T10-03-00.json',
  )
  expect(breaker.view(600_000).slow.map((slow) => slow.pattern)).toEqual(['runs/*/ckpt-*.json'])
  expect(laneOf(breaker, 'runs/4/ckpt-2026-11-20T10-04-00.json')).toBe('slow')
  expect(laneOf(breaker, 'runs/4/readme.md')).toBe('normal')
})

test('random names that happen to look like words go where their siblings are', () => {
  const breaker = breakerAfter('state-k3j9x2.json', 'state-a8f31b.json', 'state-q0w9e8.json')
  expect(laneOf(breaker, 'state-kqjwxz.json')).toBe('slow')
  expect(laneOf(breaker, 'state-abcde7.json')).toBe('slow')
  expect(laneOf(breaker, 'state-summary.json')).toBe('normal')
  expect(laneOf(breaker, 'report-kqjwxz.json')).toBe('normal')
})

test('siblings are names of the length that the pattern itself draws', () => {
  const six = ['state-k3j9x2.json', 'state-a8f31b.json', 'state-q0w9e8.json']
  const eight = ['cache-k3j9x2q1.json', 'cache-a8f31b77.json', 'cache-q0w9e8u4.json']
  const breaker = breakerAfter(...six, ...eight)
  expect(laneOf(breaker, 'cache-kqjwxzab.json')).toBe('slow')
  expect(laneOf(breaker, 'state-kqjwxzab.json')).toBe('normal')
  expect(laneOf(breaker, 'cache-latest.json')).toBe('normal')
})

test('one random name written again and again has no siblings', () => {
  const drawn = ['state-k3j9x2.json', 'state-a8f31b.json', 'state-q0w9e8.json']
  const same = ['cache/k3j9x2.json', 'cache/k3j9x2.json', 'cache/k3j9x2.json']
  const breaker = breakerAfter(...drawn, ...same)
  expect(laneOf(breaker, 'cache/k3j9x2.json')).toBe('slow')
  expect(laneOf(breaker, 'cache/agenda.json')).toBe('normal')
})

test('numbered names make no word their sibling', () => {
  const breaker = breakerAfter('notes/100001.md', 'notes/100002.md', 'notes/100003.md')
  expect(laneOf(breaker, 'notes/123456.md')).toBe('slow')
  expect(laneOf(breaker, 'notes/agenda.md')).toBe('normal')
})

test.each([6, 8, 10, 16])(
  'a writer of ever-new random names with %i letters and digits is slow before its twentieth',
  (length) => {
    const chance = seeded(length)
    const letters = '0123456789abcdefghijklmnopqrstuvwxyz'
    const name = (): string =>
      `spool/job-${Array.from({ length }, () => letters[Math.floor(chance() * 36)]).join('')}.tmp`
    const breaker = breakerAfter(...Array.from({ length: 20 }, name))
    const lanes = Array.from({ length: 200 }, () => breaker.lane(pathBytes(name()), 1_300_000, () => 0.5).kind)
    expect(lanes.filter((lane) => lane !== 'slow')).toEqual([])
  },
)
