import { expect, test } from 'vitest'
import { minute, nothing, ScheduleRun, second } from '../support/schedule-run.ts'

test.each([
  ['immediate', 2 * second],
  ['code', 5 * second],
  ['default', 30 * second],
] as const)('a path of class %s is committed once it has been quiet for %i ms', (pace, quietMs) => {
  const run = new ScheduleRun()
  run.change('a', pace)
  run.until(quietMs - 1)
  expect(run.batches()).toEqual([])
  run.until(quietMs)
  expect(run.batches()).toMatchObject([{ atMs: quietMs, paths: ['a'], group: 'people', trigger: 'automatic' }])
})

test('a change restarts the quiet period of its own path and of no other', () => {
  const run = new ScheduleRun()
  run.change('restless', 'code', { group: 'one' })
  run.change('calm', 'code', { group: 'two' })
  run.until(4 * second).change('restless', 'code', { group: 'one' })
  run.until(minute)
  expect(run.batches()).toMatchObject([
    { atMs: 5 * second, paths: ['calm'] },
    { atMs: 9 * second, paths: ['restless'] },
  ])
})

test('a path that never rests is committed after the longest wait, and again after another', () => {
  const run = new ScheduleRun()
  for (let atMs = 0; atMs < 11 * minute; atMs += second) run.until(atMs).change('ticking', 'default')
  expect(run.times('commit')).toEqual([5 * minute, 10 * minute])
})

test('a writer that ticks for ever starves nobody', () => {
  const run = new ScheduleRun()
  for (let atMs = 0; atMs < minute; atMs += second) {
    run.until(atMs).change('ticking', 'default', { group: 'unknown' })
    if (atMs === 10 * second) run.change('essay', 'code')
  }
  expect(run.batches()).toMatchObject([{ atMs: 15 * second, paths: ['essay'] }])
})

test('a change from the future is taken as one of now', () => {
  const run = new ScheduleRun()
  run.change('a', 'code', { changedAtMs: 90 * minute })
  run.until(minute)
  expect(run.times('commit')).toEqual([5 * second])
})

test('a change waits as long as it has been known, even if it is reported late', () => {
  const run = new ScheduleRun()
  run.until(minute).change('a', 'code', { changedAtMs: minute - 4 * second })
  run.until(2 * minute)
  expect(run.times('commit')).toEqual([minute + second])
})

test('a path that is settled before it is due is not committed', () => {
  const run = new ScheduleRun()
  run.change('fleeting')
  run.send({ kind: 'settled', paths: run.view().pending.map(({ path }) => path) })
  run.until(minute)
  expect(run.batches()).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'idle', pendingCount: 0, oldestUnsyncedAtMs: null })
})

test('a file that is not whole is looked at again soon, then every 5 s, for as long as it takes', () => {
  const run = new ScheduleRun({}, { commit: (batch) => ({ ...nothing, unsettled: batch.paths }) })
  run.change('growing')
  run.until(30 * second)
  const times = run.times('commit').map((atMs) => atMs - 5 * second)
  expect(times).toEqual([0, 300, 900, 2_100, 4_500, 9_300, 14_300, 19_300, 24_300])
  run.until(20 * minute)
  expect(run.times('commit').length).toBeGreaterThan(200)
})

test('a file that is not whole for a minute is named', () => {
  const run = new ScheduleRun({}, { commit: (batch) => ({ ...nothing, unsettled: batch.paths }) })
  run.change('growing')
  expect(run.until(minute).view().unsettled).toEqual([])
  expect(run.until(minute + 5 * second).view().unsettled).toEqual(['growing'])
})

test('looking again at a file that is not whole does not cut the quiet period of its neighbours', () => {
  const run = new ScheduleRun(
    {},
    {
      commit: ({ paths }) => {
        const unsettled = paths.filter((path) => path === 'growing')
        const rest = paths.filter((path) => path !== 'growing')
        return { ...nothing, unsettled, committed: rest.length > 0 ? { oid: 'c', paths: rest } : null }
      },
    },
  )
  run.change('growing')
  run.until(6 * second).change('letter', 'default')
  run.until(minute)
  const first = run.batches().find(({ paths }) => (paths as readonly string[]).includes('letter'))
  expect(first?.atMs).toBe(36 * second)
})

test('a path that a batch names nowhere is tried again, not in a circle', () => {
  const run = new ScheduleRun({}, { commit: () => nothing })
  run.change('a')
  run.until(minute)
  expect(run.times('commit').length).toBeGreaterThan(5)
  expect(run.times('commit').length).toBeLessThan(30)
})
