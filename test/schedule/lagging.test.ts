/** The remote has everything, and another place that it is pushed to does not. */
import { expect, test } from 'vitest'
import type { PushOutcome } from '../../src/types.ts'
import { failure, hour, minute, ScheduleRun, second, seen } from '../support/schedule-run.ts'

const lagging = (): PushOutcome => ({ kind: 'failed', failure: failure('lagging', 'backoff') })

test('what is committed meanwhile is pushed at once, and the place alone is tried ever more rarely', () => {
  const run = new ScheduleRun({ verifyIntervalMs: 30 * second, integrateEnabled: true })
  run.answers = { push: lagging, verify: () => seen(1, 0) }
  run.change('a')
  run.until(2 * hour)
  expect(run.times('push').length).toBeLessThan(30)
  const before = run.times('push').length
  run.change('b')
  run.until(2 * hour + 5 * second)
  expect(run.times('push').slice(before)).toEqual([2 * hour + 5 * second])
  expect(run.view()).toMatchObject({ phase: 'degraded', reason: 'lagging', ahead: expect.any(Number) })
  expect(run.notices()).toEqual(['lagging happened: mend it'])
})

test('the remote is looked at as ever, and what it has is brought in at once', () => {
  const run = new ScheduleRun({ verifyIntervalMs: 30 * second, integrateEnabled: true })
  run.answers = { push: lagging, verify: () => seen(1, 0) }
  run.change('a')
  run.until(hour)
  expect(run.times('verify').length).toBeGreaterThan(100)
  run.answers = {
    push: lagging,
    verify: () => seen(1, 1),
    integrate: () => ({ kind: 'done', ahead: 2, commits: 0 }),
  }
  const looks = run.times('verify').length
  run.until(hour + 30 * second)
  expect(run.times('integrate')).toEqual(run.times('verify').slice(looks))
  expect(run.times('push').at(-1)).toBe(run.times('integrate').at(-1))
  expect(run.notices()).toHaveLength(1)
})

test('when it has everything, too, all is well', () => {
  const run = new ScheduleRun({}, {})
  run.answers = { push: lagging }
  run.change('a')
  run.until(minute)
  run.answers = {}
  run.until(hour)
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, ahead: 0 })
})

test('whoever waits is told of it, once the new commit is where commits come from', () => {
  const run = new ScheduleRun()
  run.answers = { push: lagging }
  run.change('a')
  run.until(minute).change('b')
  const pushes = run.times('push').length
  const asked = run.flush()
  expect(run.answered(asked)).toMatchObject({ ok: false, problem: 'lagging happened' })
  // At once, since somebody asks; and for the commit that was made meanwhile.
  expect(run.times('push')).toHaveLength(pushes + 2)
})

test('whatever is kept back here for a person, the remote is looked at, and what it has comes in', () => {
  const kept = (): PushOutcome => ({ kind: 'failed', failure: failure('secret-in-commit', 'person') })
  const run = new ScheduleRun({ verifyIntervalMs: 30 * second, integrateEnabled: true })
  run.answers = { push: kept, verify: () => seen(1, 0) }
  run.change('a')
  run.until(hour)
  expect(run.times('verify').length).toBeGreaterThan(100)
  expect(run.times('push').length).toBeLessThan(10)
  run.answers = { push: kept, verify: () => seen(1, 1), integrate: () => ({ kind: 'done', ahead: 2, commits: 0 }) }
  const pushes = run.times('push').length
  run.until(hour + 31 * second)
  expect(run.times('integrate').length).toBeGreaterThan(0)
  expect(run.times('push').length - pushes).toBeLessThan(2)
  expect(run.view()).toMatchObject({ reason: 'secret-in-commit' })
  expect(run.notices()).toHaveLength(1)
})
