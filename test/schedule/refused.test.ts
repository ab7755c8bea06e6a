/** A remote that refuses pushes as behind, and what looks say beside that: never a busy loop. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { IntegrationResult } from '../../src/schedule/schedule.ts'
import type { PushOutcome } from '../../src/types.ts'
import { failure, hour, minute, ScheduleRun, second, seen, unseen } from '../support/schedule-run.ts'

const behind = (): PushOutcome => ({ kind: 'behind' })
const done = (ahead: number): IntegrationResult => ({ kind: 'done', ahead, commits: 0 })

function gaps(times: readonly number[]): number[] {
  return times.slice(1).map((atMs, n) => atMs - (times[n] ?? 0))
}

test.each([
  ['a look finds nothing new', false, seen(1, 0), done(1)],
  ['all of the remote is here already', true, seen(1, 0), done(1)],
])('pushes that are refused though %s are tried ever more rarely, with a name, told once', (_, on, look, brought) => {
  const run = new ScheduleRun({ integrateEnabled: on, verifyIntervalMs: 30 * second })
  run.answers = { push: behind, verify: () => look, integrate: () => brought }
  run.change('a')
  run.until(10 * hour)
  const waits = gaps(run.times('push'))
  expect(waits.slice(0, 3)).toEqual([0, 0, 0])
  for (const [n, base] of [2, 4, 6, 12, 24].entries()) {
    expect(waits[3 + n]).toBeGreaterThanOrEqual(base * second)
    expect(waits[3 + n]).toBeLessThanOrEqual(base * 1.25 * second)
  }
  expect(waits.at(-1)).toBe(15 * minute)
  expect(run.times('verify').length + run.times('integrate').length).toBeLessThan(2 * run.times('push').length)
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'overtaken' })
  expect(run.notices().filter((text) => text.includes('refused'))).toHaveLength(1)
})

test('a refusal after which the commits of another machine came in is no trouble', () => {
  const run = new ScheduleRun({ integrateEnabled: true })
  let pushes = 0
  run.answers = {
    push: () => (++pushes > 20 ? { kind: 'pushed', oid: 'x' } : behind()),
    integrate: () => ({ ...done(1), brought: true }),
  }
  run.change('a')
  run.until(minute)
  expect(pushes).toBe(21)
  expect(run.times('push').at(-1)).toBe(run.times('push')[0])
  expect(run.notices()).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null })
})

test('a push that comes through after all ends it, and the next refusal is answered at once again', () => {
  const run = new ScheduleRun({ integrateEnabled: true })
  run.answers = { push: behind, integrate: () => done(1) }
  run.change('a')
  run.until(minute)
  expect(run.view().reason).toBe('overtaken')
  run.answers = {}
  run.until(hour)
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, ahead: 0 })
  let refusals = 2
  run.answers = { push: () => (refusals-- > 0 ? behind() : { kind: 'pushed', oid: 'c' }), integrate: () => done(1) }
  run.change('b')
  run.until(hour + 5 * second)
  expect(run.view()).toMatchObject({ phase: 'idle', reason: null, ahead: 0 })
})

test('whoever waits for such a push is told why, and the next who asks has it tried at once', () => {
  const run = new ScheduleRun({ integrateEnabled: true }, {})
  run.answers = { push: behind, integrate: () => done(1) }
  run.change('a')
  const asked = run.flush()
  expect(run.answered(asked)).toMatchObject({ ok: false, problem: expect.stringContaining('refused 4 pushes') })
  run.answers = {}
  const next = run.flush()
  expect(run.answered(next)).toMatchObject({ ok: true, problem: null })
})

test('whatever pushes, looks and merges are answered with: less than one of each a second', () => {
  const why = fc
    .constantFrom('unreachable' as const, 'backoff' as const, 'person' as const)
    .map((heals) => failure('unknown', heals))
  const pushes = fc.oneof<fc.Arbitrary<PushOutcome>[]>(
    fc.constant(behind()),
    fc.constant<PushOutcome>({ kind: 'pushed', oid: 'c' }),
    fc.constant<PushOutcome>({ kind: 'failed', failure: failure('lagging', 'backoff') }),
    why.map((one) => ({ kind: 'failed', failure: one })),
  )
  const looks = fc.oneof(
    fc.tuple(fc.nat(1), fc.nat(1)).map(([ahead, more]) => seen(ahead, more)),
    why.map((one) => unseen(one)),
  )
  const merges = fc.oneof<fc.Arbitrary<IntegrationResult>[]>(
    fc.nat(1).map(done),
    fc.constantFrom<IntegrationResult>({ kind: 'later', commits: 0 }, { kind: 'stopped', commits: 0 }),
    why.map((one) => ({ kind: 'failed', failure: one, commits: 0 })),
  )
  const some = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<T[]> => fc.array(one, { minLength: 1, maxLength: 6 })
  const options = fc.record({ integrateEnabled: fc.boolean(), verifyEnabled: fc.boolean() })
  fc.assert(
    fc.property(some(pushes), some(looks), some(merges), options, (push, look, merge, given) => {
      const run = new ScheduleRun({ ...given, verifyIntervalMs: 30 * second })
      run.answers = { push: inTurn(push), verify: inTurn(look), integrate: inTurn(merge) }
      run.change('a')
      run.until(minute)
      run.flush()
      run.until(hour)
      for (const kind of ['push', 'verify', 'integrate'] as const) {
        expect(busiestMinute(run.times(kind)), kind).toBeLessThan(60)
      }
    }),
    { numRuns: Number(process.env['SCHEDULE_RUNS'] ?? 100) },
  )
})

function inTurn<T>(answers: readonly T[]): () => T {
  let at = 0
  return () => answers[at++ % answers.length] as T
}

function busiestMinute(times: readonly number[]): number {
  const counts = new Map<number, number>()
  for (const atMs of times) counts.set(Math.floor(atMs / minute), (counts.get(Math.floor(atMs / minute)) ?? 0) + 1)
  return Math.max(0, ...counts.values())
}
