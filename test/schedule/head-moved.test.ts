import { expect, test } from 'vitest'
import { failure, hour, minute, ScheduleRun, second, seen, unseen } from '../support/schedule-run.ts'

const moved = { kind: 'head-moved' } as const
const pushed = { kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } } as const

test('when HEAD moves nothing is known of the remote until a look has seen it', () => {
  const run = new ScheduleRun()
  run.until(minute)
  run.answers = { verify: () => null }
  expect(run.view().verifiedAtMs).toBe(0)
  run.send(moved)
  expect(run.view().verifiedAtMs).toBeNull()
  expect(run.times('verify')).toEqual([0, minute])
  run.until(2 * minute).send(seen(0, 0))
  expect(run.view().verifiedAtMs).toBe(2 * minute)
})

test('a look under way when HEAD moves says nothing of where it went; another follows', () => {
  const run = new ScheduleRun({}, { verify: () => null })
  run.until(minute).send(moved)
  run.send(seen(0, 0))
  expect(run.view().verifiedAtMs).toBeNull()
  expect(run.times('verify')).toEqual([0, minute])
  run.send(seen(2, 0))
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 0, verifiedAtMs: minute })
  expect(run.times('push')).toEqual([minute])
})

test('a push under way when HEAD moves does not make the new HEAD pushed', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.answers = { push: () => null, verify: () => null }
  run.change('a')
  run.until(minute).send(moved)
  run.send(pushed)
  expect(run.view()).toMatchObject({ ahead: 1, verifiedAtMs: null })
  expect(run.times('push')).toEqual([5 * second, minute])
  run.send(pushed)
  expect(run.view()).toMatchObject({ ahead: 0, verifiedAtMs: minute })
})

test('where the remote is never looked at, a push finds out', () => {
  const run = new ScheduleRun({ verifyEnabled: false })
  const pushes = run.times('push').length
  run.until(minute).send(moved)
  expect(run.times('verify')).toEqual([])
  expect(run.times('push').slice(pushes)).toEqual([minute])
  expect(run.view()).toMatchObject({ verifiedAtMs: minute, oldestUnsyncedAtMs: null })
})

test('a HEAD that moves many times a second costs one look a second', () => {
  const run = new ScheduleRun()
  run.until(minute)
  for (let n = 0; n < 100; n++) run.until(minute + n * 20).send(moved)
  run.until(hour)
  expect(run.times('verify')).toEqual([0, minute, minute + second, minute + 2 * second])
})

test('what a person must mend is tried again when HEAD moves; an unreachable remote keeps its pace', () => {
  const gone = failure('unreachable', 'unreachable')
  for (const [why, tries] of [
    [failure('protected', 'person'), 2],
    [gone, 1],
  ] as const) {
    const run = new ScheduleRun()
    run.answers = { push: () => ({ kind: 'failed', failure: why }), verify: () => unseen(gone) }
    run.change('a')
    run.until(6 * second).send(moved)
    expect(run.times('push').length + run.times('verify').length - 1).toBe(tries)
  }
})

test('the remote has more than HEAD until a look at the new HEAD says otherwise', () => {
  const run = new ScheduleRun({}, { verify: () => seen(1, 1) })
  expect(run.view().reason).toBe('behind')
  run.answers = { verify: () => seen(2, 0) }
  run.until(minute).send(moved)
  expect(run.view()).toMatchObject({ reason: null, behind: 0, ahead: 0 })
  expect(run.times('push')).toEqual([minute])
})

test('what failed for a former HEAD is tried for the new one a second later', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('a')
  run.until(minute).send(moved)
  run.send({ kind: 'push-done', outcome: { kind: 'failed', failure: failure('protected', 'person') } })
  run.answers = {}
  run.until(2 * minute)
  expect(run.times('push')).toEqual([5 * second, minute + second])
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, ahead: 0 })
})

test('a HEAD on nothing that is synced is never in sync, and what waits for the remote keeps its age', () => {
  const run = new ScheduleRun({ verifyIntervalMs: minute })
  run.until(minute)
  run.answers = { push: () => ({ kind: 'failed', failure: failure('protected', 'person') }) }
  run.change('a')
  run.until(2 * minute)
  run.answers = { verify: () => ({ kind: 'verified', view: null, failure: null }) }
  run.send({ kind: 'pauses', pauses: [{ name: 'detached-head', detail: 'HEAD is on no branch', stops: 'commit' }] })
  run.send(moved)
  run.until(5 * minute)
  expect(run.view()).toMatchObject({ phase: 'paused', ahead: 1, verifiedAtMs: null, oldestUnsyncedAtMs: minute })
  run.answers = { verify: () => seen(1, 0) }
  run.send({ kind: 'pauses', pauses: [] })
  run.send(moved)
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 0 })
})

test('a look that finds HEAD on nothing that is synced takes back what an earlier one said', () => {
  const run = new ScheduleRun({ verifyIntervalMs: minute })
  expect(run.view().verifiedAtMs).toBe(0)
  run.answers = { verify: () => ({ kind: 'verified', view: null, failure: null }) }
  run.until(minute)
  expect(run.view().verifiedAtMs).toBeNull()
})
