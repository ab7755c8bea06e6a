import { expect, test } from 'vitest'
import { breakerDefaults as options } from '../../src/classify/breaker-options.ts'
import { feedback } from '../../src/classify/feedback.ts'
import type { Feedback } from '../../src/classify/feedback.ts'

/** A trial that begins at 0 with a delay of 20 s. */
function planned(state: Feedback = feedback.fresh): Feedback {
  return feedback.plan(state, 0, 0, () => 0.5, options)
}

const wrote = (state: Feedback, atMs: number): Feedback => feedback.wrote(state, atMs, options)
const committed = (state: Feedback, atMs: number): Feedback => feedback.committed(state, atMs, options)

/** After so many answered trials in a row. */
function afterHits(hits: number): Feedback {
  let state: Feedback = feedback.fresh
  for (let hit = 0; hit < hits; hit += 1) state = wrote(committed(planned(state), 20_000), 21_000)
  return state
}

const hitStep = Math.log(0.9 / 0.25)
const missStep = Math.log(0.1 / 0.75)
const threeHits = afterHits(3)
const afterMiss = 3 * hitStep + missStep

test('the delay is 10 to 30 s, uniform over what chance gives', () => {
  for (const [chance, dueMs] of [
    [0, 10_000],
    [0.25, 15_000],
    [0.999_999, 29_999.98],
  ] as const) {
    expect(feedback.dueMs(feedback.plan(feedback.fresh, 0, 0, () => chance, options))).toBeCloseTo(dueMs, 3)
  }
})

test('the delay is drawn once however often it is asked for', () => {
  let draws = 0
  const chance = (): number => (draws += 1) / 10
  let state = feedback.plan(feedback.fresh, 0, 300_000, chance, options)
  for (const nowMs of [1000, 299_000, 300_000, 305_000, 400_000]) {
    state = feedback.plan(state, nowMs, 300_000, chance, options)
  }
  expect(draws).toBe(1)
  expect(feedback.dueMs(state)).toBe(312_000)
})

test('the beginning of a delay may move until it has begun, and not afterwards', () => {
  const early = feedback.plan(feedback.fresh, 0, 300_000, () => 0.5, options)
  const moved = feedback.plan(early, 299_999, 1_800_000, () => 0.9, options)
  expect(feedback.dueMs(moved)).toBe(1_820_000)
  expect(feedback.dueMs(feedback.plan(moved, 1_800_000, 9_000_000, () => 0.9, options))).toBe(1_820_000)
})

test('a delay does not begin before it was drawn', () => {
  expect(feedback.dueMs(feedback.plan(feedback.fresh, 500_000, 300_000, () => 0, options))).toBe(510_000)
})

test('a path that kept still and changed within 5 s after its commit is a hit', () => {
  expect(wrote(committed(planned(), 20_000), 25_000).score).toBeCloseTo(hitStep)
})

test('a write more than 5 s after the commit is a miss', () => {
  expect(wrote(committed(planned(threeHits), 20_000), 25_001).score).toBeCloseTo(afterMiss)
})

test('only the first write after a commit answers it', () => {
  const answered = wrote(committed(planned(), 20_000), 21_000)
  expect(wrote(wrote(answered, 22_000), 90_000).score).toBe(answered.score)
})

test('a write during the delay breaks the trial: one miss, however many writes, and no hit afterwards', () => {
  const broken = wrote(wrote(planned(threeHits), 3000), 19_999)
  expect(broken.score).toBeCloseTo(afterMiss)
  expect(feedback.dueMs(broken)).toBe(20_000)
  expect(wrote(committed(broken, 20_000), 21_000).score).toBeCloseTo(afterMiss)
})

test('a write before the delay begins breaks nothing', () => {
  const state = feedback.plan(feedback.fresh, 0, 300_000, () => 0.5, options)
  expect(wrote(committed(wrote(state, 299_999), 320_000), 321_000).score).toBeCloseTo(hitStep)
})

test('a commit more than a second late is a miss, answered or not', () => {
  expect(wrote(committed(planned(threeHits), 21_001), 21_100).score).toBeCloseTo(afterMiss)
  expect(committed(wrote(planned(threeHits), 21_000), 21_001).score).toBeCloseTo(afterMiss)
})

test('a commit before its time is a miss', () => {
  expect(wrote(committed(planned(threeHits), 19_000), 19_500).score).toBeCloseTo(afterMiss)
})

test('a commit before the delay has begun is no trial at all', () => {
  const state = feedback.plan(threeHits, 0, 300_000, () => 0.5, options)
  const flushed = committed(state, 299_000)
  expect(flushed).toEqual({ score: threeHits.score, trial: null, askedMs: null })
})

test('another commit before the answer is a miss', () => {
  const asked = committed(planned(threeHits), 20_000)
  expect(wrote(committed(asked, 22_000), 23_000).score).toBeCloseTo(afterMiss)
})

test('an answer that is noticed before its commit is told counts the same', () => {
  expect(committed(wrote(planned(), 20_050), 20_400).score).toBeCloseTo(hitStep)
})

test('the next delay may be drawn while the answer to the last commit may still come', () => {
  const asked = committed(planned(), 20_000)
  const next = feedback.plan(asked, 20_001, 320_000, () => 0.5, options)
  expect(wrote(next, 24_000).score).toBeCloseTo(hitStep)
  expect(feedback.dueMs(wrote(next, 24_000))).toBe(340_000)
})

test('four hits in a row prove a loop, three do not', () => {
  expect(feedback.proven(afterHits(3), options)).toBe(false)
  expect(feedback.proven(afterHits(4), options)).toBe(true)
})

test('a miss takes back more than a hit gave', () => {
  const missed = wrote(committed(planned(threeHits), 20_000), 90_000)
  const again = wrote(committed(planned(missed), 20_000), 21_000)
  expect(feedback.proven(again, options)).toBe(false)
  expect(again.score).toBeLessThan(threeHits.score)
})

test('the score never falls below zero, so that a long innocent past buys nothing', () => {
  let state: Feedback = feedback.fresh
  for (let miss = 0; miss < 100; miss += 1) state = wrote(committed(planned(state), 20_000), 90_000)
  expect(state.score).toBe(0)
})

test('without a range of delays the signal says nothing', () => {
  const fixed = { ...options, delayMinMs: 0, delayMaxMs: 0 }
  let state: Feedback = feedback.fresh
  for (let hit = 0; hit < 20; hit += 1) {
    state = feedback.plan(state, 0, 0, () => 0.5, fixed)
    state = feedback.wrote(feedback.committed(state, 0, fixed), 1, fixed)
  }
  expect(feedback.proven(state, fixed)).toBe(false)
})

test('all instants move with the clock', () => {
  const asked = feedback.plan(committed(planned(), 20_000), 20_001, 320_000, () => 0.5, options)
  const moved = feedback.shift(asked, -3_600_000)
  expect(feedback.dueMs(moved)).toBe(340_000 - 3_600_000)
  expect(wrote(moved, 24_000 - 3_600_000).score).toBeCloseTo(hitStep)
  const answered = feedback.shift(wrote(planned(), 20_050), 1_000_000)
  expect(committed(answered, 1_020_400).score).toBeCloseTo(hitStep)
})
