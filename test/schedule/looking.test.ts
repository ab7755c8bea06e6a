import { expect, test } from 'vitest'
import { createSchedule, save, step, view } from '../../src/schedule/schedule.ts'
import type { Pause } from '../../src/types.ts'
import {
  calm,
  change,
  committed,
  failure,
  hour,
  minute,
  nothing,
  ScheduleRun,
  second,
} from '../support/schedule-run.ts'

test('the tree is compared and the remote looked at in the first step', () => {
  const { actions } = step(createSchedule(calm, null, 1, 0), { kind: 'tick' }, 0)
  expect(actions).toMatchObject([{ kind: 'reconcile', reason: 'start' }, { kind: 'verify' }])
})

test('the tree is compared in the configured interval, every 30 s while the watcher cannot see everything', () => {
  const run = new ScheduleRun({ reconcileIntervalMs: 10 * minute })
  run.until(25 * minute)
  expect(run.times('reconcile')).toEqual([0, 10 * minute, 20 * minute])
  run.send({ kind: 'watcher', degraded: true })
  run.until(27 * minute)
  expect(run.times('reconcile').slice(3)).toEqual([25.5, 26, 26.5, 27].map((at) => at * minute))
  run.send({ kind: 'watcher', degraded: false })
  run.until(40 * minute)
  expect(run.times('reconcile').slice(7)).toEqual([27.5, 37.5].map((at) => at * minute))
})

test('a comparison asked for comes at once; many asked for come as one, a second apart', () => {
  const run = new ScheduleRun()
  run.until(minute)
  for (let n = 0; n < 1_000; n++) run.until(minute + n).send({ kind: 'reconcile-wanted', reason: 'queue overflow' })
  run.until(hour)
  expect(run.times('reconcile')).toEqual([0, minute, minute + second])
})

test('one asked for while another runs follows it', () => {
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  expect(step(state, { kind: 'reconcile-wanted', reason: 'x' }, 1).actions).toMatchObject([])
  const done = step(state, { kind: 'reconciled', ok: true }, 10 * second)
  expect(done.actions).toEqual([{ kind: 'wake', atMs: 11 * second }])
  expect(step(state, { kind: 'tick' }, 11 * second).actions).toMatchObject([{ kind: 'reconcile', reason: 'x' }])
})

test('a comparison that failed is tried again, ever more rarely', () => {
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  const first = step(state, { kind: 'reconciled', ok: false }, 0).actions.at(-1)
  expect(first).toMatchObject({ kind: 'wake' })
  const atMs = first?.kind === 'wake' ? first.atMs : 0
  expect(atMs).toBeGreaterThanOrEqual(2 * second)
  expect(step(state, { kind: 'tick' }, atMs).actions[0]).toMatchObject({ kind: 'reconcile' })
})

test('when the clock jumps every timer keeps its distance, and the tree is compared', () => {
  for (const deltaMs of [-hour, hour]) {
    const run = new ScheduleRun()
    run.until(minute).change('a', 'default')
    run.change('beat', 'slow', { slow: { pattern: 'beat', commitAtMs: 2 * minute } })
    run.until(minute + 10 * second)
    run.nowMs += deltaMs
    run.send({ kind: 'clock-jumped', deltaMs })
    run.until(run.nowMs + hour / 2)
    expect(run.times('commit').map((atMs) => atMs - deltaMs)).toEqual([minute + 30 * second, 2 * minute])
    expect(run.times('reconcile').map((atMs) => atMs - deltaMs)).toEqual([-deltaMs, minute + 10 * second])
  }
})

test('the next comparison of the tree keeps its distance too', () => {
  const run = new ScheduleRun({ reconcileIntervalMs: 10 * minute })
  run.until(minute)
  run.send({ kind: 'pauses', pauses: [] })
  run.nowMs -= hour
  run.send({ kind: 'clock-jumped', deltaMs: -hour })
  run.until(run.nowMs + 11 * minute)
  expect(
    run
      .times('reconcile')
      .slice(1)
      .map((atMs) => atMs + hour),
  ).toEqual([minute, 11 * minute])
})

test('a clock that jumps does not refill the budget', () => {
  const run = new ScheduleRun()
  for (let n = 0; n < 10; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(10 * second)
  run.nowMs += 24 * hour
  run.send({ kind: 'clock-jumped', deltaMs: 24 * hour })
  expect(run.view().budget.hour.used).toBe(10)
  run.change('a', 'immediate')
  run.until(run.nowMs + hour)
  expect(run.times('commit').at(-1)).toBe(24 * hour + 2 * second + 2 * minute)
})

test('a jump while everything is under way leaves nothing behind', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.send({ kind: 'turn', session: 's', open: true })
  run.change('t', 'code', { group: 'agent:s', session: 's' })
  run.change('a')
  run.until(minute).send({ kind: 'turn', session: 's', open: false })
  run.flush('a')
  run.nowMs -= hour
  run.send({ kind: 'clock-jumped', deltaMs: -hour })
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, failure: failure('locked', 'backoff') } })
  run.until(run.nowMs + minute)
  expect(run.view()).toMatchObject({ phase: 'idle', pendingCount: 0 })
})

test('a pause of commits stops commits and pushes; what is pending keeps its timers and leaves when it ends', () => {
  const run = new ScheduleRun()
  const pauses: Pause[] = [{ name: 'rebase', detail: 'a rebase is in progress', stops: 'commit' }]
  run.change('a')
  run.send({ kind: 'pauses', pauses })
  run.until(4 * second).change('b')
  run.change('c', 'default', { group: 'two' })
  run.until(minute - second)
  expect(run.batches()).toEqual([])
  expect(run.view()).toMatchObject({ phase: 'paused', reason: 'rebase', detail: 'a rebase is in progress' })
  run.until(minute).send({ kind: 'pauses', pauses: [] })
  expect(run.batches()).toMatchObject([
    { atMs: minute, paths: ['a', 'b'] },
    { atMs: minute, paths: ['c'] },
  ])
})

test('a pause that ends does not open the budget', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'pauses', pauses: [{ name: 'rebase', detail: '', stops: 'commit' }] })
  for (let n = 0; n < 20; n++) run.change(`f${n}`, 'immediate', { group: `g${n}` })
  run.until(hour).send({ kind: 'pauses', pauses: [] })
  expect(run.times('commit')).toHaveLength(10)
})

test('a paused schedule does not wake for what it may not commit', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'pauses', pauses: [{ name: 'rebase', detail: '', stops: 'commit' }] })
  run.change('a')
  expect(run.send({ kind: 'tick' })).toMatchObject([{ kind: 'wake', atMs: calm.reconcileIntervalMs }])
})

test('an idle schedule wakes for nothing but its looks', () => {
  const run = new ScheduleRun()
  expect(run.send({ kind: 'tick' })).toEqual([{ kind: 'wake', atMs: calm.reconcileIntervalMs }])
})

test('what is saved is plain and small', () => {
  const run = new ScheduleRun()
  run.change('a')
  run.until(minute)
  expect(save(run.state)).toEqual({
    commitsAtMs: [5 * second],
    lastAutomaticAtMs: 5 * second,
    committing: false,
    unpushedSinceMs: null,
  })
  expect(JSON.parse(JSON.stringify(save(run.state)))).toEqual(save(run.state))
})

test('a list of thousands is cut in the view, not in the count', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'changes', changes: Array.from({ length: 5_000 }, (_, n) => change(`f${n}`, 'code', 0)) })
  const seen = view(run.state, 0)
  expect([seen.pending.length, seen.pendingCount]).toEqual([1_000, 5_000])
})

test('those listed are the earliest due, in their order, and the others are counted', () => {
  const run = new ScheduleRun()
  const dues = Array.from({ length: 5_000 }, (_, n) => (n * 1_237) % 5_000)
  run.until(minute).send({ kind: 'pauses', pauses: [{ name: 'merge', detail: '', stops: 'commit' }] })
  run.send({ kind: 'changes', changes: dues.map((due) => change(`f${due}`, 'code', due)) })
  const { pending, pendingUnlisted } = run.view()
  expect(pending.map(({ dueAtMs }) => dueAtMs - 5 * second)).toEqual(Array.from({ length: 1_000 }, (_, n) => n))
  expect(pendingUnlisted).toBe(4_000)
})

test('what is in flight is pending, but not left out of a list', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(minute).change('b')
  expect(run.view()).toMatchObject({ pendingCount: 2, pendingUnlisted: 0, pendingBytes: 20 })
})

test('held paths beyond the limit of the list are counted until the tree is compared again', () => {
  const run = new ScheduleRun()
  const held = Array.from({ length: 10_003 }, (_, n) => ({ path: change(`f${n}`, 'code', 0).path, reason: 'large' }))
  run.until(minute).send({ kind: 'held', held })
  expect(run.view().held).toHaveLength(10_000)
  expect(run.view().heldUnlisted).toBe(3)
  run.send({ kind: 'reconcile-wanted', reason: 'x' })
  expect(run.view().heldUnlisted).toBe(0)
  expect(committed([]).held).toEqual([])
})

test('whether the tree was ever compared is told, and when', () => {
  const state = createSchedule(calm, null, 1, 0)
  expect(view(state, 0)).toMatchObject({ lookedAtMs: null, lookTrouble: false })
  step(state, { kind: 'tick' }, 0)
  expect(view(state, 0)).toMatchObject({ lookedAtMs: null })
  step(state, { kind: 'reconciled', ok: true }, second)
  expect(view(state, second)).toMatchObject({ lookedAtMs: second, lookTrouble: false, phase: 'idle' })
  step(state, { kind: 'clock-jumped', deltaMs: hour }, hour)
  expect(view(state, hour)).toMatchObject({ lookedAtMs: hour + second })
})

test('comparisons that fail are trouble until one succeeds, and told once', () => {
  const why = failure('corrupt', 'person')
  const state = createSchedule(calm, null, 1, 0)
  const told = [0, minute, 2 * minute].flatMap((atMs) => {
    step(state, { kind: 'tick' }, atMs)
    return step(state, { kind: 'reconciled', ok: false, failure: why }, atMs).actions
  })
  expect(told.filter(({ kind }) => kind === 'notice')).toEqual([
    { kind: 'notice', text: 'the tree cannot be compared with HEAD: corrupt happened: mend it' },
  ])
  const trouble = { phase: 'degraded', reason: 'reconcile-failed', detail: 'corrupt happened: mend it' }
  expect(view(state, minute)).toMatchObject({ ...trouble, lookedAtMs: null, lookTrouble: true })
  step(state, { kind: 'tick' }, hour)
  expect(view(state, hour)).toMatchObject({ lookTrouble: true })
  step(state, { kind: 'reconciled', ok: true }, hour)
  expect(view(state, hour)).toMatchObject({ reason: null, lookedAtMs: hour, lookTrouble: false })
  step(state, { kind: 'reconcile-wanted', reason: 'x' }, hour + minute)
  const again = step(state, { kind: 'reconciled', ok: false, failure: why }, hour + minute).actions
  expect(again.filter(({ kind }) => kind === 'notice')).toHaveLength(1)
})

test('a failed comparison without a reason is told too', () => {
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  expect(step(state, { kind: 'reconciled', ok: false }, 0).actions).toMatchObject([{ kind: 'notice' }, {}])
  expect(view(state, 0)).toMatchObject({ reason: 'reconcile-failed', lookTrouble: true })
})

test('a comparison that nobody asked the schedule for counts too, but ends no trouble', () => {
  const run = new ScheduleRun()
  run.until(minute).send({ kind: 'reconciled', ok: true })
  expect(run.view()).toMatchObject({ lookedAtMs: minute, lookTrouble: false })
  run.send({ kind: 'reconciled', ok: false })
  run.until(minute + second).send({ kind: 'reconciled', ok: true })
  expect(run.view()).toMatchObject({ lookedAtMs: minute, lookTrouble: true })
  run.until(3 * minute)
  expect(run.view()).toMatchObject({ lookTrouble: false })
})

test('what could not be looked at is made up for only by a comparison that began afterwards', () => {
  const state = createSchedule(calm, null, 1, 0)
  step(state, { kind: 'tick' }, 0)
  step(state, { kind: 'look-failed', failure: failure('corrupt', 'person') }, 10)
  step(state, { kind: 'reconciled', ok: true }, 20)
  expect(view(state, 20)).toMatchObject({ reason: 'reconcile-failed', lookedAtMs: null, lookTrouble: true })
  expect(step(state, { kind: 'tick' }, minute).actions).toMatchObject([{ kind: 'reconcile', reason: 'looking failed' }])
  step(state, { kind: 'reconciled', ok: true }, minute)
  expect(view(state, minute)).toMatchObject({ reason: null, lookedAtMs: minute, lookTrouble: false })
})
