import { expect, test } from 'vitest'
import type { IntegrationResult } from '../../src/schedule/schedule.ts'
import { failure, hour, minute, nothing, ScheduleRun, second, seen } from '../support/schedule-run.ts'

const on = { integrateEnabled: true, verifyIntervalMs: 30 * second }
const done = (ahead: number): IntegrationResult => ({ kind: 'done', ahead, commits: 0 })

/** The remote has one commit more until something is brought in. */
function behindOnce(): { readonly verify: () => ReturnType<typeof seen>; readonly integrate: () => IntegrationResult } {
  let behind = 1
  return {
    verify: () => seen(0, behind),
    integrate: () => {
      behind = 0
      return done(0)
    },
  }
}

test('what a look finds on the remote is brought in at once, and then all is verified', () => {
  const run = new ScheduleRun(on, behindOnce())
  run.until(2 * second)
  expect(run.times('integrate')).toEqual([0])
  expect(run.view()).toMatchObject({ phase: 'idle', behind: 0, ahead: 0, verifiedAtMs: 0 })
})

test('where it is not wanted nothing is brought in, and the reason is told', () => {
  const run = new ScheduleRun({ ...on, integrateEnabled: false }, { verify: () => seen(0, 1) })
  run.until(minute)
  expect(run.times('integrate')).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'behind' })
})

test('a push that comes too late brings in first, and then goes out', () => {
  let isBehind = true
  const run = new ScheduleRun(on, {
    push: () => (isBehind ? { kind: 'behind' } : { kind: 'pushed', oid: 'merge' }),
    integrate: () => {
      isBehind = false
      return done(2)
    },
  })
  run.change('a')
  run.until(minute)
  expect(run.times('push')).toHaveLength(2)
  expect(run.times('integrate')).toEqual([5 * second])
  expect(run.view()).toMatchObject({ ahead: 0, behind: 0, phase: 'idle' })
  expect(run.notices()).toEqual([])
})

test('somebody who never stops saving does not keep the remote out', () => {
  const limits = {
    mode: 'gather',
    commitsPerHour: 1_000,
    commitsPerDay: 10_000,
    gatherMs: 0,
    gatherPastDayMs: 0,
  } as const
  const run = new ScheduleRun({ ...on, limits }, { commit: () => null, integrate: () => null })
  const end = (at: number): void => {
    const batch = run.batches()[at]
    const result = { ...nothing, committed: { oid: 'c', paths: batch?.paths ?? [] } }
    run.send({ kind: 'batch-done', batchId: batch?.id ?? -1, result })
  }
  run.change('a')
  run.until(10 * second).change('b')
  run.until(20 * second)
  run.answers = { ...run.answers, push: () => ({ kind: 'behind' }), verify: () => seen(1, 1) }
  end(0)
  run.change('c')
  run.until(30 * second)
  expect(run.batches()).toHaveLength(2)
  end(1)
  expect(run.times('integrate')).toEqual([30 * second])
  expect(run.batches()).toHaveLength(2)
  run.send({ kind: 'integrated', result: done(2) })
  expect(run.batches()).toHaveLength(3)
})

test('what is in the way here is waited for, less and less often, and commits go on meanwhile', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 0 }) })
  run.until(10 * second).change('a')
  run.until(minute)
  const times = run.times('integrate')
  expect(times.slice(0, 4)).toEqual([0, 400, 1_200, 2_800])
  expect(times.length).toBeLessThan(14)
  expect(run.batches()).toHaveLength(1)
})

test('what was changed and has come to rest is no reason to wait longer, however often it was in the way', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 0 }) })
  run.until(minute)
  for (let at = 0; at < 50; at++) run.until(minute + at * 100).change('a')
  const restedMs = minute + 49 * 100 + 400
  run.until(restedMs - 1)
  const before = run.times('integrate')
  expect(before.filter((atMs) => atMs > minute).length).toBeLessThan(2)
  run.until(restedMs)
  expect(run.times('integrate')).toEqual([...before, restedMs])
  // Once: what is still in the way then was not in the way because of that change.
  run.until(restedMs + 4 * second)
  expect(run.times('integrate')).toEqual([...before, restedMs])
})

test('who could commit something on the way goes on soon', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 0 }) })
  run.until(minute)
  run.answers = { ...run.answers, integrate: () => ({ kind: 'later', commits: 1 }) }
  run.until(minute + 8 * second)
  const [first = 0, next] = run.times('integrate').filter((atMs) => atMs > minute)
  expect(next).toBe(first + 400)
})

test('what a commit of its own has dealt with is no longer in the way', () => {
  const run = new ScheduleRun(on, {
    verify: () => seen(0, 1),
    integrate: () => ({ kind: 'later', commits: 0 }),
    commit: () => null,
  })
  run.until(minute)
  run.change('a')
  run.until(minute + 45 * second)
  const [batch] = run.batches()
  const before = run.times('integrate')
  const result = { ...nothing, committed: { oid: 'c', paths: batch?.paths ?? [] } }
  run.send({ kind: 'batch-done', batchId: batch?.id ?? -1, result })
  const dealtMs = run.nowMs
  run.until(dealtMs + 400)
  expect(run.times('integrate').filter((atMs) => atMs > dealtMs)).toEqual([dealtMs + 400])
  expect(before.at(-1)).toBeLessThan(dealtMs)
})

test('a clock that is set back moves the next try with it, and the time for which the remote has been ahead', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 0 }) })
  run.until(hour)
  const before = run.times('integrate').length
  run.nowMs -= 30 * minute
  run.send({ kind: 'clock-jumped', deltaMs: -30 * minute })
  run.until(run.nowMs + minute)
  expect(run.times('integrate').length).toBeGreaterThan(before + 5)
  expect(run.view().behindSinceMs).toBe(-30 * minute)
})

test('a clock that is set back takes along when what was changed will have rested', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 0 }) })
  // Between two tries of which the next is seconds away.
  run.until(hour)
  run.until((run.times('integrate').at(-1) ?? 0) + second).change('a')
  run.nowMs -= 30 * minute
  run.send({ kind: 'clock-jumped', deltaMs: -30 * minute })
  const before = run.times('integrate').length
  run.until(run.nowMs + 400)
  expect(run.times('integrate')).toHaveLength(before + 1)
})

test('a failure is one of the remote: tried again with growing waits, told once', () => {
  const gone = failure('timeout', 'backoff')
  const run = new ScheduleRun(on, {
    verify: () => seen(0, 1),
    integrate: () => ({ kind: 'failed', failure: gone, commits: 0 }),
  })
  run.until(hour)
  expect(run.times('integrate').length).toBeLessThan(15)
  expect(run.notices()).toHaveLength(1)
  expect(run.view()).toMatchObject({ reason: 'timeout' })
})

test('a pause keeps the remote out, and its end lets it in', () => {
  const run = new ScheduleRun(on, behindOnce())
  const stopped = new ScheduleRun(
    { ...on, integrateEnabled: true },
    { verify: () => seen(0, 1), integrate: () => null },
  )
  stopped.send({ kind: 'integrated', result: { kind: 'stopped', commits: 0 } })
  stopped.send({ kind: 'pauses', pauses: [{ name: 'rewritten', detail: '', stops: 'push' }] })
  stopped.until(hour)
  expect(stopped.times('integrate')).toHaveLength(1)
  stopped.send({ kind: 'pauses', pauses: [] })
  expect(stopped.times('integrate')).toHaveLength(2)
  expect(run.times('integrate')).toHaveLength(1)
})

test('commits made on the way count in the budget, and without room for one it says so', () => {
  const run = new ScheduleRun(
    {
      ...on,
      limits: {
        mode: 'gather',
        commitsPerHour: 2,
        commitsPerDay: 50,
        gatherMs: 2 * minute,
        gatherPastDayMs: 5 * minute,
      },
    },
    { verify: () => seen(0, 1), integrate: () => ({ kind: 'later', commits: 1 }) },
  )
  run.until(2 * second)
  const room = run.log.flatMap(({ action }) => (action.kind === 'integrate' ? [action.commitsMax] : []))
  expect(room.slice(0, 3)).toEqual([2, 1, 0])
  expect(run.view().budget.hour.used).toBeGreaterThan(0)
})

test('a sync brings in what the remote has before it answers', () => {
  const run = new ScheduleRun({ ...on, verifyIntervalMs: hour })
  run.until(minute)
  run.answers = behindOnce()
  const id = run.flush()
  expect(run.times('integrate')).toEqual([minute])
  run.until(2 * minute)
  expect(run.answered(id)).toEqual({ ok: true, held: [], problem: null })
})

test('HEAD moved by somebody while it was brought in: nothing is believed until the next look', () => {
  const run = new ScheduleRun(on, { verify: () => seen(0, 1), integrate: () => null })
  run.send({ kind: 'head-moved' })
  run.answers = { verify: () => seen(1, 0), push: () => null }
  run.send({ kind: 'integrated', result: done(0) })
  run.until(2 * second)
  expect(run.view()).toMatchObject({ ahead: 1, verifiedAtMs: null })
})
