import { expect, test } from 'vitest'
import { breakerDefaults as options } from '../../src/classify/breaker-options.ts'
import { metronome } from '../../src/classify/metronome.ts'
import type { Run } from '../../src/classify/metronome.ts'

function runOf(instantsMs: readonly number[]): Run {
  let run: Run | null = null
  for (const atMs of instantsMs) run = metronome.beat(run, atMs, options)
  if (run === null) throw new Error('no instants')
  return run
}

const regularMs = (instantsMs: readonly number[]): number => metronome.regularMs(runOf(instantsMs), options)
const every = (gapMs: number, count: number, fromMs = 0): number[] =>
  Array.from({ length: count }, (_, index) => fromMs + index * gapMs)

test('a run is regular from its twelfth gap on', () => {
  expect(regularMs(every(60_000, 12))).toBe(0)
  expect(regularMs(every(60_000, 13))).toBe(12 * 60_000)
})

test.each([10, 100, 500, 900, 999, 1000, 1100, 5000, 300_000])('a period of %i ms is regular', (periodMs) => {
  const instants = every(periodMs, Math.ceil(600_000 / periodMs) + 13)
  expect(regularMs(instants)).toBeGreaterThan(590_000)
})

test('the events of one save are one beat', () => {
  const saves = every(10_000, 20).flatMap((atMs) => [atMs, atMs + 5, atMs + 400])
  expect(regularMs(saves)).toBe(190_000)
})

test('a saver whose first gap was short is recognised all the same', () => {
  const saves = [0, 1500, ...every(10_000, 30, 20_000).flatMap((atMs) => [atMs, atMs + 300])]
  expect(regularMs(saves)).toBeGreaterThanOrEqual(270_000)
})

/** Every second beat of 10 s comes late by this share of it. */
const wobble = (share: number): number[] => every(10_000, 200).map((atMs, index) => atMs + (index % 2) * share * 10_000)
/** Beats of 10 s, the nth of each n left out. */
const missing = (nth: number): number[] => every(10_000, 1000).filter((_, index) => index % nth !== nth - 1)

test('gaps that vary by more than a tenth are not regular', () => {
  expect(regularMs(wobble(0.09))).toBeGreaterThan(0)
  expect(regularMs(wobble(0.11))).toBe(0)
})

test('one missed beat is forgiven, a second one too early is not', () => {
  const beats = every(10_000, 60)
  const missed = (...lost: number[]): number[] => beats.filter((_, index) => !lost.includes(index))
  expect(regularMs(missed(20))).toBe(590_000)
  expect(regularMs(missed(20, 22))).toBeLessThan(400_000)
})

test('one beat in thirty may be missed for ever, one in ten may not', () => {
  expect(regularMs(missing(30))).toBe(9_990_000)
  expect(regularMs(missing(10))).toBeLessThan(1_000_000)
})

test('a pause of more than five beats ends the run', () => {
  const typing = every(2000, 200)
  const resumed = [...typing, ...every(2000, 100, 398_000 + 10_001)]
  expect(regularMs(typing)).toBe(398_000)
  // The pause is taken for the first beat of a slower run until the second one after it shows that it was none.
  expect(regularMs(resumed)).toBe(196_000)
})

test('an instant that goes back changes nothing', () => {
  const run = runOf(every(10_000, 20))
  expect(metronome.beat(run, 100_000, options)).toBe(run)
})

test('a run moves with the clock', () => {
  const moved = metronome.shift(runOf(every(10_000, 20)), 3_600_000)
  expect(metronome.regularMs(metronome.beat(moved, 3_600_000 + 200_000, options), options)).toBe(200_000)
})
