import { expect, test } from 'vitest'
import { faultOf, scoreOf, type Judged } from '../../src/accuracy/score.ts'

const judged = (over: Partial<Judged>): Judged => ({
  scenario: 's',
  path: 'a',
  by: 'person',
  class: 'notes',
  wanted: 'sync',
  verdict: 'sync',
  layer: 'default',
  reason: '',
  ...over,
})

test.each([
  ['sync', 'sync', null],
  ['block', 'block', null],
  ['hold', 'hold', null],
  ['sync', 'block', 'falseBlock'],
  ['sync', 'hold', 'falseHold'],
  ['block', 'sync', 'falseSync'],
  ['block', 'hold', 'falseHold'],
  ['hold', 'sync', 'missedHold'],
  // It stays here, which is what matters.
  ['hold', 'block', null],
] as const)('wanted %s, judged %s: %s', (wanted, verdict, fault) => {
  expect(faultOf({ wanted, verdict })).toBe(fault)
})

test.each([
  ['sync', 'block', false],
  ['sync', 'hold', false],
  ['hold', 'sync', false],
  // Noise that is committed is bounded by the loop breaker; noise that is held is told.
  ['block', 'sync', true],
  ['block', 'hold', true],
] as const)('wanted %s, judged %s: fit to run is %s', (wanted, verdict, ok) => {
  expect(scoreOf([judged({}), judged({ wanted, verdict })]).ok).toBe(ok)
})

test('counts by scenario and by class of who wrote it', () => {
  const score = scoreOf([
    judged({}),
    judged({ scenario: 't', by: 'program', class: 'cache', wanted: 'block', verdict: 'sync', path: 'b' }),
    judged({ by: 'program', class: 'cache', wanted: 'block', verdict: 'block' }),
  ])
  expect(score.total).toMatchObject({ paths: 3, right: 2, falseSync: 1, falseBlock: 0 })
  expect(score.scenarios.map(({ name, paths }) => [name, paths])).toEqual([
    ['s', 2],
    ['t', 1],
  ])
  expect(score.classes.map(({ name, right }) => [name, right])).toEqual([
    ['person: notes', 1],
    ['program: cache', 1],
  ])
  expect(score.wrong).toMatchObject([{ path: 'b', fault: 'falseSync' }])
})
