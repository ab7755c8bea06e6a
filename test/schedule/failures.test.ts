import { expect, test } from 'vitest'
import { createSchedule, step } from '../../src/schedule/schedule.ts'
import { calm, failure, hour, minute, nothing, ScheduleRun, second, unseen } from '../support/schedule-run.ts'

const locked = { ...nothing, failure: failure('locked', 'backoff') }
const noIdentity = { ...nothing, failure: failure('identity', 'person') }
const moved = { ...nothing, headMoved: true }

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0))
}

test('a commit that may heal is tried after 2, 4 and 6 s, then ever more rarely, with up to a quarter more', () => {
  const run = new ScheduleRun({}, { commit: () => locked })
  run.change('a')
  run.until(6 * hour)
  const waits = gaps(run.times('commit'))
  for (const [n, base] of [2, 4, 6, 12, 24, 48, 96, 192, 384].entries()) {
    expect(waits[n]).toBeGreaterThanOrEqual(base * second)
    expect(waits[n]).toBeLessThanOrEqual(base * 1.25 * second)
  }
  expect(Math.max(...waits)).toBe(15 * minute)
  expect(new Set(waits.slice(0, 9).map((wait) => wait % second)).size).toBeGreaterThan(3)
})

test('a failure is told once, and again only after it had healed', () => {
  const run = new ScheduleRun({}, { commit: () => locked })
  run.change('a')
  run.until(hour)
  expect(run.notices()).toEqual(['locked happened: mend it'])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'locked', pendingCount: 1 })
  run.answers = {}
  run.until(2 * hour)
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, pendingCount: 0 })
  run.answers = { commit: () => locked }
  run.change('a')
  run.until(3 * hour)
  expect(run.notices()).toHaveLength(2)
})

test('a failure leads to one comparison of the tree, not to one per try', () => {
  const run = new ScheduleRun({}, { commit: () => locked })
  const looks = run.times('reconcile').length
  run.change('a')
  run.until(hour)
  expect(run.times('reconcile').length).toBe(looks + 1)
})

test('a failure that a person must mend pauses with its name and is tried only every 15 minutes', () => {
  const run = new ScheduleRun({}, { commit: () => noIdentity })
  run.change('a')
  run.until(10 * minute).change('b')
  run.until(hour)
  expect(gaps(run.times('commit'))).toEqual([15 * minute, 15 * minute, 15 * minute])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'identity', detail: 'identity happened' })
  expect(run.notices()).toHaveLength(1)
})

test('it is tried at once when the pauses change, but not when they are only repeated', () => {
  const run = new ScheduleRun({}, { commit: () => noIdentity })
  run.change('a')
  run.until(minute).send({ kind: 'pauses', pauses: [] })
  expect(run.times('commit')).toHaveLength(1)
  run.send({ kind: 'pauses', pauses: [{ name: 'offline-wanted', detail: '', stops: 'push' }] })
  expect(run.times('commit')).toEqual([5 * second, minute])
})

test('a plan dropped because HEAD moved is made again at once, a few times, and the tree is compared', () => {
  const run = new ScheduleRun({}, { commit: () => moved })
  const looks = run.times('reconcile').length
  run.change('a')
  run.until(5 * second)
  expect(run.times('commit')).toEqual(Array.from({ length: 6 }, () => 5 * second))
  expect(run.times('reconcile').length).toBe(looks + 1)
  run.until(5 * minute)
  expect(run.times('commit').length).toBeLessThan(100)
})

test('after HEAD moved once the changes are committed with nothing lost', () => {
  const run = new ScheduleRun({}, { commit: () => moved })
  run.change('a')
  run.change('b', 'code', { rename: { half: 'created', oid: 'b10b' } })
  run.until(4 * second)
  run.answers = {
    commit: () => {
      run.answers = {}
      return moved
    },
  }
  run.until(minute)
  expect(run.batches().map(({ paths }) => paths)).toEqual([
    ['a', 'b'],
    ['a', 'b'],
  ])
  expect(run.view().pendingCount).toBe(0)
})

test('what failed keeps its age, and what changed meanwhile its newer change', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second)
  run.until(minute).change('a')
  run.send({ kind: 'batch-done', batchId: 1, result: locked })
  expect(run.view()).toMatchObject({ oldestUnsyncedAtMs: 0, pendingCount: 1 })
  expect(run.view().pending).toMatchObject([{ dueAtMs: minute + 5 * second }])
})

test('a failure that names an unreachable server in a commit is tried again like any other', () => {
  const run = new ScheduleRun({}, { commit: () => ({ ...nothing, failure: failure('unreachable', 'unreachable') }) })
  run.change('a')
  run.until(minute)
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'unreachable' })
  const [first = 0, then = 0] = gaps(run.times('commit'))
  expect([first < 2.5 * second, then > 4 * second - 1]).toEqual([true, true])
})

test('the same seed gives the same waits', () => {
  const times = [1, 2].map(() => {
    const run = new ScheduleRun({}, { commit: () => locked })
    run.change('a')
    return run.until(hour).times('commit')
  })
  expect(times[0]).toEqual(times[1])
})

test('a failure whose paths are gone is forgotten when its wait is over', () => {
  const run = new ScheduleRun({}, { commit: () => noIdentity })
  run.change('a')
  run.until(minute).send({ kind: 'settled', paths: run.view().pending.map(({ path }) => path) })
  expect(run.view().reason).toBe('identity')
  expect(run.until(hour).view()).toMatchObject({ phase: 'idle', reason: null })
})

test('when the circumstances change a failed commit is tried once more', () => {
  const run = new ScheduleRun({}, { commit: () => noIdentity })
  run.change('a')
  run.until(minute).send({ kind: 'circumstances' })
  run.until(2 * minute)
  expect(run.times('commit')).toEqual([5 * second, minute])
  run.answers = {}
  run.until(3 * minute).send({ kind: 'circumstances' })
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, pendingCount: 0 })
})

test('so is a failed push, whether a person or time was to mend it, and a look for an unreachable remote', () => {
  for (const [heals, tried] of [
    ['person', 'push'],
    ['backoff', 'push'],
    ['unreachable', 'verify'],
  ] as const) {
    const why = failure('authentication', heals)
    const run = new ScheduleRun()
    run.answers = { push: () => ({ kind: 'failed', failure: why }), verify: () => unseen(why) }
    run.change('a')
    const atMs = 5 * second + 100
    run.until(atMs).send({ kind: 'circumstances' })
    expect(run.times(tried).at(-1)).toBe(atMs)
    expect(run.times(tried)).toHaveLength(2)
  }
})

test('so is a comparison of the tree that failed; one that did not is not repeated', () => {
  const run = new ScheduleRun()
  run.until(minute).send({ kind: 'circumstances' })
  expect(run.times('reconcile')).toEqual([0])
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  step(state, { kind: 'reconciled', ok: false }, 0)
  expect(step(state, { kind: 'circumstances' }, 10).actions).toMatchObject([{ kind: 'reconcile' }])
})
