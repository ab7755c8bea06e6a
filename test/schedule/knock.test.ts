import { expect, test } from 'vitest'
import { failure, minute, ScheduleRun, second, seen, unseen } from '../support/schedule-run.ts'

const gone = failure('unreachable', 'unreachable')
const failing = () => ({ kind: 'failed', failure: gone }) as const

test('a remote that has been out of reach for long is found again two seconds after it opens its door', () => {
  const run = new ScheduleRun({}, {})
  run.answers = { push: failing, verify: () => unseen(gone) }
  run.change('a')
  run.until(20 * minute)
  const looks = run.times('verify').length
  run.answers = { verify: () => seen(1, 0), knock: () => true }
  run.until(20 * minute + 2 * second)
  expect(run.times('verify')).toHaveLength(looks + 1)
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 0 })
  const knocks = run.times('knock').length
  run.until(21 * minute)
  expect(run.times('knock')).toHaveLength(knocks)
})

test('one that opens its door and cannot be asked is looked at as rarely as if it did not', () => {
  const run = (knock: () => boolean): ScheduleRun => {
    const one = new ScheduleRun({}, {})
    one.answers = { push: failing, verify: () => unseen(gone), knock }
    one.change('a')
    return one.until(60 * minute)
  }
  const [open, closed] = [run(() => true), run(() => false)]
  expect(open.times('knock')).toHaveLength(1)
  expect(open.times('verify').length).toBeLessThanOrEqual(closed.times('verify').length + 1)
  expect(closed.times('knock').length).toBeGreaterThan(1_000)
})

test('what is known from the door counts once: after the remote was within reach it is asked there again', () => {
  const run = new ScheduleRun({}, {})
  run.answers = { push: failing, verify: () => unseen(gone), knock: () => true }
  run.change('a')
  run.until(10 * minute)
  run.answers = { verify: () => seen(1, 0) }
  run.until(20 * minute)
  run.answers = { push: failing, verify: () => unseen(gone) }
  const before = run.times('knock').length
  run.change('b')
  run.until(21 * minute)
  expect(run.times('knock').length).toBeGreaterThan(before + 5)
})

test('nobody knocks twice at once, nor while a look or a push is under way, nor for other failures', () => {
  const silent = new ScheduleRun({}, {})
  silent.answers = { push: failing, verify: () => unseen(gone), knock: () => null }
  silent.change('a')
  silent.until(60 * minute)
  expect(silent.times('knock')).toHaveLength(1)
  // Its answer comes while a look is under way, which may have begun before somebody came home.
  silent.answers = { verify: () => null }
  silent.until(62 * minute)
  const looks = silent.times('verify').length
  silent.send({ kind: 'knocked', answered: true })
  silent.answers = { verify: () => unseen(gone), knock: () => false }
  silent.send(unseen(gone))
  silent.until(62 * minute + 10 * second)
  expect(silent.times('knock').length).toBeGreaterThan(3)
  expect(silent.times('verify')).toHaveLength(looks)
  const refused = new ScheduleRun({}, {})
  refused.answers = { push: () => ({ kind: 'failed', failure: failure('rejected', 'person') }) }
  refused.change('a')
  refused.until(60 * minute)
  expect(refused.times('knock')).toEqual([])
})

test('a clock that is set back takes the next knock along', () => {
  const run = new ScheduleRun({}, {})
  run.answers = { push: failing, verify: () => unseen(gone) }
  run.change('a')
  run.until(30 * minute)
  // Right after a look, the next one is a minute away.
  run.until((run.times('verify').at(-1) ?? 0) + minute + second)
  const [looks, knocks] = [run.times('verify').length, run.times('knock').length]
  run.nowMs -= 20 * minute
  run.send({ kind: 'clock-jumped', deltaMs: -20 * minute })
  run.until(run.nowMs + 20 * second)
  expect(run.times('verify')).toHaveLength(looks)
  expect(run.times('knock').length).toBeGreaterThanOrEqual(knocks + 9)
})
