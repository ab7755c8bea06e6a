import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import type { ScheduleInput } from '../../src/schedule/schedule.ts'
import { createSchedule, step, view } from '../../src/schedule/schedule.ts'
import { pathBytes } from '../../src/types.ts'
import { calm, change, committed, day, failure, hour, minute, nothing, second } from '../support/schedule-run.ts'

const name = fc.constantFrom('a', 'b', 'c/d', 'c/e', 'f')
const names = fc.array(name, { maxLength: 4 }).map((list) => list.map((one) => pathBytes(one)))
const anyFailure = fc
  .constantFrom('unreachable' as const, 'backoff' as const, 'person' as const)
  .map((heals) => failure('unknown', heals))
const session = fc.constantFrom('s', 't')

const anyChange = fc.record({
  name,
  pace: fc.constantFrom('immediate' as const, 'code' as const, 'default' as const),
  group: fc.constantFrom('people', 'agent:s', 'agent:t'),
  slowInMs: fc.option(fc.integer({ min: -minute, max: 10 * minute })),
  half: fc.option(fc.constantFrom('deleted' as const, 'created' as const)),
})

const anyPauses = fc.subarray([
  { name: 'merge', detail: 'd', stops: 'commit' as const },
  { name: 'disk-low', detail: 'd', stops: 'push' as const },
])

interface Move {
  readonly afterMs: number
  readonly input: (nowMs: number) => ScheduleInput
}

const move: fc.Arbitrary<Move> = fc.record({
  afterMs: fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 10_000 }), fc.integer({ min: 0, max: hour })),
  input: fc.oneof(
    { weight: 6, arbitrary: anyChange.map((one) => (nowMs: number) => changed(one, nowMs)) },
    fc.record({ kind: fc.constant('settled' as const), paths: names }).map(always),
    names.map((paths) => always({ kind: 'held', held: paths.map((path) => ({ path, reason: 'r' })) })),
    fc.record({ kind: fc.constant('turn' as const), session, open: fc.boolean() }).map(always),
    fc.record({ kind: fc.constant('pauses' as const), pauses: anyPauses }).map(always),
    fc.record({ kind: fc.constant('watcher' as const), degraded: fc.boolean() }).map(always),
    fc.option(names).chain((paths) => fc.nat(1e6).map((id) => always({ kind: 'flush', id, paths }))),
    fc.constant(always({ kind: 'reconcile-wanted', reason: 'r' })),
    fc.integer({ min: -day, max: day }).map((deltaMs) => always({ kind: 'clock-jumped', deltaMs })),
  ),
})

function always(input: ScheduleInput): () => ScheduleInput {
  return () => input
}

type Changed = typeof anyChange extends fc.Arbitrary<infer One> ? One : never

function changed(one: Changed, nowMs: number): ScheduleInput {
  const slow = one.slowInMs === null ? null : { pattern: 'p', commitAtMs: nowMs + one.slowInMs }
  const rename = one.half === null ? null : { half: one.half, oid: 'b10b' }
  const ofTurn = one.group === 'people' ? null : one.group.slice('agent:'.length)
  const pace = slow === null ? one.pace : 'slow'
  const more = { group: one.group, slow, rename, session: ofTurn }
  return { kind: 'changes', changes: [change(one.name, pace, nowMs, more)] }
}

/** What the world does with the n-th action that awaits an answer, and after how long. */
const fate = fc.record({ afterMs: fc.nat(20_000), outcome: fc.nat(7), why: anyFailure })

/** Plays inputs and answers in the order of time; checks every step; ends with a calm hour in which all is well. */
function play(moves: readonly Move[], fates: readonly (typeof fate extends fc.Arbitrary<infer F> ? F : never)[]): void {
  let nowMs = 0
  let serial = 0
  let calmFromMs = Infinity
  const state = createSchedule({ ...calm, verifyIntervalMs: minute, reconcileIntervalMs: 10 * minute }, null, 3, 0)
  const open = { commit: 0, push: 0, verify: 0, reconcile: 0 }
  const flushes = new Set<number>()
  const queue: { atMs: number; answer: ScheduleInput }[] = []
  let wakeMs: number | null = 0
  const enter = (input: ScheduleInput): void => {
    if (input.kind === 'flush') flushes.add(input.id)
    if (input.kind === 'batch-done') open.commit--
    if (input.kind === 'push-done') open.push--
    if (input.kind === 'verified') open.verify--
    if (input.kind === 'reconciled') open.reconcile--
    if (input.kind === 'clock-jumped') shift(input.deltaMs)
    const { actions } = step(state, input, nowMs)
    wakeMs = null
    for (const action of actions) {
      if (action.kind === 'wake') wakeMs = action.atMs
      if (action.kind === 'answer') expect(flushes.delete(action.id)).toBe(true)
      if (action.kind === 'commit') expect(action.batch.paths.length).toBeGreaterThan(0)
      if (action.kind in open) {
        expect(++open[action.kind as keyof typeof open], `two ${action.kind}s at once`).toBe(1)
        const { afterMs, outcome, why } = fates[serial++ % fates.length] ?? { afterMs: 0, outcome: 7, why: never }
        const answer = answerTo(action, nowMs >= calmFromMs ? 7 : outcome, why)
        queue.push({ atMs: nowMs + afterMs, answer })
      }
    }
    expect(wakeMs ?? Infinity, 'a wake that is not in the future').toBeGreaterThan(nowMs)
  }
  const shift = (deltaMs: number): void => {
    nowMs += deltaMs
    calmFromMs += deltaMs
    for (const entry of queue) entry.atMs += deltaMs
  }
  const until = (atMs: number): void => {
    const endMs = { atMs }
    for (let rounds = 0; ; rounds++) {
      expect(rounds, 'in circles').toBeLessThan(20_000)
      queue.sort((a, b) => a.atMs - b.atMs)
      const first = queue[0]
      const nextMs = Math.min(first?.atMs ?? Infinity, wakeMs ?? Infinity)
      if (nextMs > endMs.atMs) break
      nowMs = Math.max(nowMs, nextMs)
      if (first !== undefined && first.atMs <= nowMs) {
        queue.shift()
        enter(first.answer)
      } else enter({ kind: 'tick' })
    }
    nowMs = Math.max(nowMs, endMs.atMs)
  }
  enter({ kind: 'tick' })
  for (const { afterMs, input } of moves) {
    until(nowMs + afterMs)
    enter(input(nowMs))
  }
  calmFromMs = nowMs
  enter({ kind: 'pauses', pauses: [] })
  for (const ended of ['s', 't']) enter({ kind: 'turn', session: ended, open: false })
  until(nowMs + 3 * hour)
  expect(view(state, nowMs)).toMatchObject({ pendingCount: 0, phase: 'idle', ahead: 0, behind: 0, reason: null })
  expect([...flushes]).toEqual([])
}

const never = failure('unknown', 'backoff')

function answerTo(action: { kind: string }, outcome: number, why: typeof never): ScheduleInput {
  if (action.kind === 'reconcile') return { kind: 'reconciled', ok: outcome !== 0 }
  if (action.kind === 'verify') {
    if (outcome === 0) return { kind: 'verified', view: null, failure: why }
    return { kind: 'verified', view: { ahead: 0, behind: outcome === 1 ? 2 : 0 }, failure: null }
  }
  if (action.kind === 'push') {
    if (outcome === 0) return { kind: 'push-done', outcome: { kind: 'failed', failure: why } }
    return { kind: 'push-done', outcome: outcome === 1 ? { kind: 'behind' } : { kind: 'pushed', oid: 'c' } }
  }
  const { batch } = action as Extract<ReturnType<typeof step>['actions'][number], { kind: 'commit' }>
  const [first, ...rest] = batch.paths
  const result = { ...committed(rest), committed: rest.length > 0 ? { oid: 'c', paths: rest } : null }
  const one = first === undefined ? [] : [first]
  const results = [
    { ...nothing, failure: why },
    { ...nothing, headMoved: true },
    { ...result, unsettled: one },
    { ...result, settled: one },
    { ...result, held: one.map((path) => ({ path, reason: 'r' })) },
    result,
    nothing,
  ]
  return { kind: 'batch-done', batchId: batch.id, result: results[outcome] ?? committed(batch.paths) }
}

test('whatever comes in whatever order: one commit, push and look at a time, no wake in vain, and all done in the end', () => {
  fc.assert(fc.property(fc.array(move, { maxLength: 60 }), fc.array(fate, { minLength: 1, maxLength: 20 }), play), {
    numRuns: Number(process.env['SCHEDULE_RUNS'] ?? 80),
  })
})

test('8,000 changes in one input take milliseconds, and a tick beside 100,000 pending paths none', () => {
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  const inputs = Array.from({ length: 13 }, (_, n) => newFiles(n * 8_000, 8_000))
  const costs = inputs.map((input) => timed(() => step(state, input, 0)))
  expect(Math.min(...costs)).toBeLessThan(50)
  const ticks = timed(() => {
    for (let n = 0; n < 10_000; n++) step(state, { kind: 'tick' }, n % 4_000)
  })
  expect(ticks).toBeLessThan(2_000)
  let paths = 0
  const commit = timed(() => {
    for (const action of step(state, { kind: 'tick' }, 5 * second).actions) {
      if (action.kind === 'commit') paths = action.batch.paths.length
    }
  })
  expect(paths).toBe(104_000)
  expect(commit).toBeLessThan(5_000)
})

function newFiles(from: number, count: number): ScheduleInput {
  const changes = Array.from({ length: count }, (_, n) => change(`d${n % 800}/f${from + n}`, 'code', 0))
  return { kind: 'changes', changes }
}

function timed(work: () => void): number {
  const startedMs = performance.now()
  work()
  return performance.now() - startedMs
}
