import { expect, test } from 'vitest'
import type { PushOutcome } from '../../src/types.ts'
import { calm, committed, failure, hour, minute, ScheduleRun, second, seen, unseen } from '../support/schedule-run.ts'

const gone = failure('unreachable', 'unreachable')
const refused = failure('authentication', 'person')
const busy = failure('rate-limit', 'backoff')

function failing(why: typeof gone): () => PushOutcome {
  return () => ({ kind: 'failed', failure: why })
}

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0))
}

test('a commit is pushed at once, and the remote counts as verified', () => {
  const run = new ScheduleRun()
  run.change('a')
  run.until(minute)
  expect(run.times('push')).toEqual([5 * second])
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 0, verifiedAtMs: 5 * second, oldestUnsyncedAtMs: null })
})

test('while a push is in flight no other is started; what was committed meanwhile follows in one', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('a')
  run.until(minute).change('b')
  run.until(2 * minute).change('c')
  run.until(3 * minute)
  expect(run.times('push')).toHaveLength(1)
  expect(run.view()).toMatchObject({ phase: 'pushing', ahead: 3 })
  run.answers = {}
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.times('push')).toEqual([5 * second, 3 * minute])
  expect(run.view()).toMatchObject({ ahead: 0, oldestUnsyncedAtMs: null })
})

test('pushes keep the least interval', () => {
  const run = new ScheduleRun({ push: { enabled: true, minIntervalMs: minute } })
  for (let n = 0; n < 5; n++) run.until(n * 10 * second).change(`f${n}`, 'immediate')
  run.until(hour)
  expect(run.times('push')).toEqual([2 * second, 2 * second + minute])
})

test('with pushing turned off commits go on and nobody waits for the remote', () => {
  const run = new ScheduleRun({ push: { enabled: false, minIntervalMs: 0 } })
  run.change('a')
  run.until(minute)
  expect(run.times('push')).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 1, oldestUnsyncedAtMs: null })
})

test('while the remote is unreachable commits go on, pushes wait, and it is told once', () => {
  const run = new ScheduleRun({}, { push: failing(gone), verify: () => unseen(gone) })
  for (let n = 0; n < 8; n++) run.until(n * 10 * minute).change(`f${n}`)
  run.until(2 * hour)
  expect(run.times('commit')).toHaveLength(8)
  expect(run.times('push')).toEqual([])
  expect(run.notices()).toEqual(['unreachable happened: mend it'])
  expect(run.view()).toMatchObject({ phase: 'offline', reason: 'unreachable', oldestUnsyncedAtMs: 0 })
})

test('an unreachable remote is looked for after a second, then every half of the time it has been gone, and every minute', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(gone), verify: () => unseen(gone) }
  const looks = run.times('verify').length
  run.change('a')
  run.until(hour)
  const waits = gaps([5 * second, ...run.times('verify').slice(looks)])
  expect(run.times('push')).toHaveLength(1)
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(second)
  for (const [n, base] of [1, 1.5, 2.25, 3.375, 5.0625].entries()) {
    expect(waits[n]).toBeGreaterThanOrEqual(base * second)
    expect(waits[n]).toBeLessThanOrEqual(base * 1.25 * second + 1)
  }
  expect(new Set(waits.slice(12))).toEqual(new Set([minute]))
})

test('when a look finds it again, everything is pushed at once', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(gone), verify: () => unseen(gone) }
  run.change('a')
  run.until(hour)
  run.answers = { verify: () => seen(1, 0) }
  run.until(hour + minute)
  expect(run.times('push').at(-1)).toBe(run.times('verify').at(-1))
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, ahead: 0 })
})

test('a remote that answers looks but no pushes is tried ever more rarely', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(gone), verify: () => seen(1, 0) }
  run.change('a')
  run.until(hour)
  expect(run.times('push').length).toBeLessThan(70)
  expect(gaps(run.times('push')).at(-1)).toBe(minute)
  expect(run.notices()).toHaveLength(1)
})

test('a push that may heal is tried after 2, 4, 6 s and then ever more rarely', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(busy) }
  run.change('a')
  run.until(10 * hour)
  const waits = gaps(run.times('push'))
  for (const [n, base] of [2, 4, 6, 12, 24].entries()) {
    expect(waits[n]).toBeGreaterThanOrEqual(base * second)
    expect(waits[n]).toBeLessThanOrEqual(base * 1.25 * second)
  }
  expect(Math.max(...waits)).toBe(15 * minute)
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'rate-limit', retries: waits.length })
  expect(run.notices()).toHaveLength(1)
})

test('a push that a person must mend pauses with its name and is tried every 15 minutes; commits go on', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(refused) }
  run.change('a')
  run.until(20 * minute).change('b')
  run.until(hour)
  expect(run.times('commit')).toHaveLength(2)
  expect(gaps(run.times('push'))).toEqual([15 * minute, 15 * minute, 15 * minute])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'authentication' })
  expect(run.notices()).toHaveLength(1)
})

test('commits that the remote has and we lack stop pushes, not commits, until a look finds none', () => {
  const run = new ScheduleRun({ verifyIntervalMs: 30 * second })
  run.answers = { push: () => ({ kind: 'behind' }), verify: () => seen(1, 2) }
  run.change('a')
  run.until(5 * minute).change('b')
  run.until(hour)
  expect(run.times('push')).toHaveLength(1)
  expect(run.times('commit')).toHaveLength(2)
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'behind', behind: 2 })
  expect(run.notices()).toHaveLength(1)
  run.answers = { verify: () => seen(2, 0), push: () => null }
  run.until(hour + minute)
  expect(run.times('push')).toHaveLength(2)
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.view()).toMatchObject({ reason: null, behind: 0, ahead: 0 })
})

test('being behind is noticed by a look alone, and looked at again even where looks are turned off', () => {
  const run = new ScheduleRun({ verifyEnabled: false, verifyIntervalMs: minute }, { push: () => ({ kind: 'behind' }) })
  run.answers = { verify: () => seen(0, 0) }
  run.until(hour)
  expect(run.view()).toMatchObject({ behind: 0, reason: null })
})

test('commits that were never pushed are pushed at the start', () => {
  const run = new ScheduleRun({}, { verify: () => seen(3, 0) })
  expect(run.times('push')).toEqual([0])
  const saved = { commitsAtMs: [], lastAutomaticAtMs: null, committing: false, unpushedSinceMs: -hour }
  const again = new ScheduleRun({}, { verify: () => null, push: () => null }, saved)
  expect(again.times('push')).toEqual([0])
  expect(again.view().oldestUnsyncedAtMs).toBe(-hour)
})

test('where the remote is never looked at, a first push finds out', () => {
  const run = new ScheduleRun({ verifyEnabled: false })
  expect(run.times('verify')).toEqual([])
  expect(run.times('push')).toEqual([0])
})

test('the remote is looked at in the configured interval', () => {
  const run = new ScheduleRun({ verifyIntervalMs: 30 * second })
  run.until(2 * minute)
  expect(run.times('verify')).toEqual([0, 30, 60, 90, 120].map((at) => at * second))
})

test('a look that a commit overtook says nothing about what is pushed', () => {
  const run = new ScheduleRun({ verifyIntervalMs: 6 * second, push: { enabled: true, minIntervalMs: hour } })
  run.change('first')
  run.until(5 * second)
  run.answers = { verify: () => null }
  run.until(11 * second).change('a', 'immediate')
  run.until(20 * second)
  expect(run.view()).toMatchObject({ ahead: 1 })
  run.send(seen(0, 0))
  expect(run.view()).toMatchObject({ ahead: 1, oldestUnsyncedAtMs: 11 * second, verifiedAtMs: 5 * second })
})

test('what somebody else pushed for us need not be pushed again', () => {
  const run = new ScheduleRun({ verifyIntervalMs: minute, push: { enabled: true, minIntervalMs: hour } })
  run.change('first')
  run.until(5 * second).change('second')
  run.until(3 * minute)
  expect(run.view()).toMatchObject({ ahead: 0, phase: 'idle' })
  run.until(2 * hour)
  expect(run.times('push')).toHaveLength(1)
})

test('answers to pushes and looks that were not asked for change nothing', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'push-done', outcome: { kind: 'failed', failure: refused } })
  run.send(unseen(gone))
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null })
})

test('a commit made while its push is under way is not taken for pushed', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('a')
  run.until(minute).change('b')
  run.until(2 * minute)
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.view()).toMatchObject({ phase: 'pushing', ahead: 1, verifiedAtMs: 0, oldestUnsyncedAtMs: minute })
  expect(committed([]).committed).not.toBeNull()
})

test('looks stand still while nothing is known but pauses stop the push', () => {
  const run = new ScheduleRun({ push: calm.push })
  run.send({ kind: 'pauses', pauses: [{ name: 'disk-low', detail: 'free some space', stops: 'push' }] })
  run.change('a')
  run.until(minute)
  expect(run.times('push')).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'disk-low', ahead: 1 })
})

test('a push that waits for a person is tried at once when the pauses change', () => {
  const run = new ScheduleRun()
  run.answers = { push: failing(refused) }
  run.change('a')
  run.until(minute).send({ kind: 'pauses', pauses: [{ name: 'merge', detail: '', stops: 'commit' }] })
  run.send({ kind: 'pauses', pauses: [] })
  expect(run.times('push')).toEqual([5 * second, minute])
})

test('after the machine slept the remote is asked before it is said to have everything', () => {
  const run = new ScheduleRun({ verifyIntervalMs: minute })
  run.until(10 * second)
  run.answers = { verify: () => null }
  run.nowMs += 8 * hour
  run.send({ kind: 'clock-jumped', deltaMs: 8 * hour, sleptMs: 8 * hour })
  expect(run.times('verify').at(-1)).toBe(run.nowMs)
  expect(run.view().verifiedAtMs).toBeNull()
})

test('what waits for the remote has waited while the machine slept, and not while its clock was set', () => {
  const run = new ScheduleRun({}, { push: failing(gone), verify: () => unseen(gone) })
  run.change('a')
  run.until(50 * minute)
  run.nowMs += 8 * hour
  run.send({ kind: 'clock-jumped', deltaMs: 8 * hour, sleptMs: 8 * hour })
  expect(run.view().oldestUnsyncedAtMs).toBe(0)
  run.nowMs += hour
  run.send({ kind: 'clock-jumped', deltaMs: hour })
  expect(run.view().oldestUnsyncedAtMs).toBe(hour)
})

test('what was refused for what a file holds is tried again with the commit that may mend it', () => {
  for (const [name, tries] of [
    ['hook-refused', 2],
    ['rejected', 2],
    ['too-large', 2],
    ['authentication', 1],
    ['protected', 1],
  ] as const) {
    const run = new ScheduleRun({}, { push: failing(failure(name, 'person')) })
    run.change('bad')
    run.until(minute)
    run.change('bad')
    run.until(2 * minute)
    expect([name, run.times('push').length]).toEqual([name, tries])
  }
})

test('the commit that may mend it was made while the push ran', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('bad')
  run.until(6 * second)
  run.change('bad')
  run.until(minute)
  run.answers = {}
  run.send({ kind: 'push-done', outcome: { kind: 'failed', failure: failure('hook-refused', 'person') } })
  expect(run.times('push')).toEqual([5 * second, minute])
  expect(run.view()).toMatchObject({ phase: 'idle', ahead: 0 })
})
