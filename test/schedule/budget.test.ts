import { expect, test } from 'vitest'
import { calm, day, failure, hour, minute, nothing, ScheduleRun, second } from '../support/schedule-run.ts'

/** A change every few seconds, each in a group of its own, so that each wants a commit of its own. */
function storm(run: ScheduleRun, untilMs: number, everyMs = 20 * second): void {
  for (let n = 0, atMs = run.nowMs; atMs < untilMs; atMs += everyMs, n++) {
    run.until(atMs).change(`f${n % 500}`, 'immediate', { group: `g${n % 500}` })
  }
}

/** Counted here again, so that a mistake in the budget cannot hide itself. */
function most(times: readonly number[], windowMs: number): number {
  return Math.max(0, ...times.map((start) => times.filter((t) => t >= start && t < start + windowMs).length))
}

function automatic(run: ScheduleRun): number[] {
  return run
    .batches()
    .filter(({ trigger }) => trigger === 'automatic')
    .map(({ atMs }) => atMs)
}

test('ten commits an hour go at once; beyond them one goes every two minutes', () => {
  const run = new ScheduleRun()
  storm(run, hour)
  const times = run.times('commit')
  expect(times.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, n) => n * 20 * second + 2 * second))
  const gaps = times.slice(10).map((atMs, n) => atMs - (times[9 + n] ?? 0))
  expect(new Set(gaps)).toEqual(new Set([2 * minute]))
})

test('beyond the fifty of a day one goes every five minutes', () => {
  const run = new ScheduleRun()
  storm(run, 4 * hour)
  const times = run.times('commit')
  const gaps = times.slice(50).map((atMs, n) => atMs - (times[49 + n] ?? 0))
  expect(new Set(gaps)).toEqual(new Set([5 * minute]))
})

test('no sliding hour or day exceeds the ceiling, whatever comes', () => {
  const run = new ScheduleRun()
  storm(run, 3 * day)
  const times = run.times('commit')
  expect(most(times, hour)).toBeLessThanOrEqual(10 + 30)
  expect(most(times, day)).toBeLessThanOrEqual(50 + 288)
  expect(times.length).toBeGreaterThan(500)
})

test('many groups due at the same instant do not exceed it either', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 100; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(hour)
  expect(run.times('commit').filter((atMs) => atMs === 2 * second)).toHaveLength(10)
  expect(run.times('commit')).toHaveLength(10 + 29)
})

test('strict mode makes the two numbers hard', () => {
  const run = new ScheduleRun({ limits: { ...calm.limits, mode: 'strict' } })
  storm(run, 2 * day)
  expect(most(run.times('commit'), hour)).toBe(10)
  expect(most(run.times('commit'), day)).toBe(50)
})

test('what waits for the budget leaves with everything that joined it', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 10; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(10 * second).change('a', 'immediate')
  run.until(minute).change('b', 'immediate')
  run.until(hour)
  expect(run.batches().at(-1)).toMatchObject({ atMs: 2 * second + 2 * minute, paths: ['a', 'b'] })
})

test('a path changed again while it waits for the budget must be quiet again', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 10; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(10 * second).change('a', 'immediate')
  run.until(2 * minute + second).change('a', 'immediate')
  run.until(hour)
  expect(run.batches().at(-1)).toMatchObject({ atMs: 2 * minute + 3 * second, paths: ['a'] })
})

test('slow paths wait until the window is free', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 10; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.change('beat', 'slow', { slow: { pattern: 'beat', commitAtMs: minute } })
  run.until(10 * minute).change('text', 'code')
  run.until(2 * hour)
  expect(run.batches().at(-1)).toMatchObject({ atMs: hour + 2 * second, paths: ['beat'] })
})

test('what is asked for and the end of a turn count but do not wait', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 12; n++) {
    run.change(`f${n}`, 'immediate')
    run.flush()
  }
  run.send({ kind: 'turn', session: 's', open: true })
  run.change('t', 'immediate', { group: 'agent:s', session: 's' })
  run.send({ kind: 'turn', session: 's', open: false })
  expect(run.batches()).toHaveLength(13)
  expect(run.view().budget.hour).toEqual({ used: 13, limit: 10 })
  run.until(minute).change('a', 'immediate')
  run.change('beat', 'slow', { slow: { pattern: 'beat', commitAtMs: minute } })
  run.until(59 * minute)
  // The first automatic one: no other automatic one is within two minutes of it.
  expect(automatic(run)).toEqual([minute + 2 * second])
  run.until(2 * hour)
  expect(automatic(run)).toHaveLength(2)
})

test('a batch that came to no commit costs nothing', () => {
  const run = new ScheduleRun({}, { commit: ({ paths }) => ({ ...nothing, settled: paths }) })
  storm(run, 10 * minute)
  expect(run.view().budget).toEqual({ hour: { used: 0, limit: 10 }, day: { used: 0, limit: 50 } })
  expect(run.times('commit')).toHaveLength(29)
})

test('the windows slide: what was used is free again an hour later', () => {
  const run = new ScheduleRun()
  run.change('a')
  run.until(hour + 4 * second)
  expect(run.view().budget.hour.used).toBe(1)
  run.until(hour + 5 * second)
  expect(run.view().budget).toMatchObject({ hour: { used: 0 }, day: { used: 1 } })
})

test('the ceiling holds over restarts', () => {
  const times: number[] = []
  let run = new ScheduleRun()
  for (let hours = 0; hours < 10; hours++) {
    for (let part = 0; part < 6; part++) {
      storm(run, run.nowMs + 10 * minute)
      times.push(...run.times('commit'))
      run = new ScheduleRun({}, {}, run.saved(), run.nowMs)
    }
  }
  expect(most(times, hour)).toBeLessThanOrEqual(10 + 30)
  expect(most(times, day)).toBeLessThanOrEqual(50 + 288)
})

test('a commit under way when the daemon died counts as made', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second)
  expect(run.saved()).toMatchObject({ committing: true, commitsAtMs: [], unpushedSinceMs: 5 * second })
  expect(new ScheduleRun({}, {}, run.saved()).view().budget.hour.used).toBe(1)
})

test('a saved commit from the future, after the clock was set back, blocks no longer than one of now', () => {
  const future = Array.from({ length: 10 }, () => 30 * day)
  const saved = { commitsAtMs: future, lastAutomaticAtMs: 30 * day, committing: false, unpushedSinceMs: null }
  const run = new ScheduleRun({}, {}, saved)
  run.change('a')
  run.until(hour)
  expect(run.times('commit')).toEqual([2 * minute])
})

test('what is kept of the budget is bounded', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 3_000; n++) {
    run.change(`f${n}`, 'immediate')
    run.flush()
  }
  expect(run.saved().commitsAtMs.length).toBeLessThanOrEqual(1_000)
})

test('a commit that failed costs nothing', () => {
  const run = new ScheduleRun({}, { commit: () => ({ ...nothing, failure: failure('locked', 'backoff') }) })
  run.change('a')
  run.until(minute)
  expect(run.view().budget.hour.used).toBe(0)
})

test('of groups that wait for the budget the one that has been due for longest goes first', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 10; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(10 * second).change('a', 'immediate', { group: 'first' })
  run.until(20 * second).change('b', 'immediate', { group: 'second' })
  run.until(30 * second).change('c', 'immediate', { group: 'first' })
  run.until(3 * minute)
  expect(run.batches().at(-1)).toMatchObject({ group: 'first', paths: ['a', 'c'] })
})

test('in strict mode, too, a commit from the future counts as one of now', () => {
  const future = Array.from({ length: 10 }, () => 30 * day)
  const saved = { commitsAtMs: future, lastAutomaticAtMs: 30 * day, committing: false, unpushedSinceMs: null }
  const run = new ScheduleRun({ limits: { ...calm.limits, mode: 'strict' } }, {}, saved)
  run.change('a')
  expect(run.until(2 * hour).times('commit')).toEqual([hour])
})
