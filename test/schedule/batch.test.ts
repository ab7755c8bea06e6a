import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { change, committed, failure, minute, nothing, ScheduleRun, second } from '../support/schedule-run.ts'

test('a due path takes along those of its group that have been quiet for a second, whatever their class', () => {
  const run = new ScheduleRun()
  run.change('due', 'code')
  run.until(3_900).change('rested', 'default')
  run.until(4_001).change('fresh', 'default')
  run.change('other', 'default', { group: 'agent:x' })
  run.until(5 * second)
  expect(run.batches()).toMatchObject([{ paths: ['due', 'rested'] }])
})

test('both halves of a rename leave together, whatever the class and quiet of the other', () => {
  const run = new ScheduleRun()
  run.change('old', 'code', { rename: { half: 'deleted', oid: 'b10b' } })
  run.until(4_900).change('new', 'default', { rename: { half: 'created', oid: 'b10b' } })
  run.until(5 * second)
  expect(run.batches()).toMatchObject([{ paths: ['old', 'new'] }])
})

test('of many files with equal bytes only as many come along as halves are missing', () => {
  const run = new ScheduleRun()
  run.change('old', 'code', { rename: { half: 'deleted', oid: 'e69d' } })
  run.until(4_900)
  for (const name of ['x', 'y', 'z']) run.change(name, 'default', { rename: { half: 'created', oid: 'e69d' } })
  run.until(5 * second)
  expect(run.batches()).toMatchObject([{ paths: ['old', 'x'] }])
})

test('a half that is slow neither pulls nor is pulled', () => {
  const run = new ScheduleRun()
  const slow = { pattern: 'p', commitAtMs: 10 * minute }
  run.change('old', 'code', { rename: { half: 'deleted', oid: 'b10b' } })
  run.change('new', 'slow', { rename: { half: 'created', oid: 'b10b' }, slow })
  run.until(minute)
  expect(run.batches()).toMatchObject([{ paths: ['old'] }])
  run.until(10 * minute - second).change('older', 'default', { rename: { half: 'deleted', oid: 'b10b' } })
  run.until(10 * minute)
  expect(run.batches()[1]).toMatchObject({ paths: ['new'] })
})

test('a slow path is due exactly when the breaker says, however often it is written', () => {
  const run = new ScheduleRun()
  const slow = { pattern: 'beat-#.json', commitAtMs: 123_456 }
  for (let atMs = 0; atMs < 123_000; atMs += second) run.until(atMs).change('beat-1.json', 'slow', { slow })
  run.until(10 * minute)
  expect(run.batches()).toMatchObject([{ atMs: 123_456, paths: ['beat-1.json'], trigger: 'automatic' }])
})

test('a slow path due within a millisecond is met by a clock of whole ones', () => {
  const run = new ScheduleRun()
  run.change('beat', 'slow', { slow: { pattern: 'beat', commitAtMs: 1_000.25 } })
  expect(run.until(minute).times('commit')).toEqual([1_001])
})

test('a slow pattern leaves in one batch of its own and is never taken along', () => {
  const run = new ScheduleRun()
  const slow = { pattern: 'p', commitAtMs: minute }
  run.change('p1', 'slow', { slow })
  run.change('p2', 'slow', { slow })
  run.change('q1', 'slow', { slow: { pattern: 'q', commitAtMs: minute } })
  run.change('text', 'code')
  run.until(minute)
  expect(run.batches().map(({ paths }) => paths)).toEqual([['text'], ['p1', 'p2'], ['q1']])
})

test('a slow path moved by the breaker goes by the new instant', () => {
  const run = new ScheduleRun()
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: minute } })
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: 2 * minute } })
  expect(run.until(10 * minute).times('commit')).toEqual([2 * minute])
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: 30 * minute } })
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: 20 * minute } })
  expect(run.until(40 * minute).times('commit')).toEqual([2 * minute, 20 * minute])
})

test('a slow path that its batch gave back with a new instant waits for that', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: minute } })
  run.until(minute)
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: 2 * minute } })
  run.send({ kind: 'batch-done', batchId: 1, result: nothing })
  expect(run.until(10 * minute).times('commit')).toEqual([minute, 2 * minute])
})

test('a path that a rule released from the slow lane goes by its own timer again', () => {
  const run = new ScheduleRun()
  run.change('p1', 'slow', { slow: { pattern: 'p', commitAtMs: 30 * minute } })
  run.until(minute).change('p1', 'code')
  expect(run.until(10 * minute).times('commit')).toEqual([minute + 5 * second])
})

test('while a batch is in flight none is started, and what changes then becomes pending anew', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.change('b', 'code', { group: 'two' })
  run.until(5 * second)
  run.change('a')
  run.until(minute)
  expect(run.batches()).toMatchObject([{ id: 1, paths: ['a'] }])
  expect(run.view()).toMatchObject({ phase: 'committing', pendingCount: 3 })
  run.send({ kind: 'batch-done', batchId: 1, result: committed(run.batches()[0]?.paths ?? []) })
  run.send({ kind: 'batch-done', batchId: 2, result: committed(run.batches()[1]?.paths ?? []) })
  expect(run.batches().map(({ paths }) => paths)).toEqual([['a'], ['b'], ['a']])
})

test('an answer to a batch that is not in flight changes nothing', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(minute)
  run.send({ kind: 'batch-done', batchId: 99, result: nothing })
  expect(run.view().phase).toBe('committing')
})

test('what a batch found held is listed until it changes again; the rest is committed', () => {
  const run = new ScheduleRun(
    {},
    {
      commit: ({ paths }) => {
        const [first, ...rest] = paths
        return first === undefined ? nothing : { ...committed(rest), held: [{ path: first, reason: 'a secret' }] }
      },
    },
  )
  run.change('key')
  run.change('text')
  run.until(minute)
  expect(run.view()).toMatchObject({
    held: [{ path: 'key', reason: 'a secret', sinceMs: 5 * second }],
    pendingCount: 0,
  })
  run.answers = {}
  run.change('key')
  expect(run.view()).toMatchObject({ held: [], pendingCount: 1 })
})

test('a held path leaves pending and delays nothing; settled, it leaves the list', () => {
  const run = new ScheduleRun()
  run.change('key')
  const [path] = run.view().pending.map((one) => one.path)
  if (path === undefined) throw new Error('not pending')
  run.send({ kind: 'held', held: [{ path, reason: 'quarantine' }] })
  run.until(minute)
  expect(run.batches()).toEqual([])
  expect(run.view().held).toMatchObject([{ path: 'key', reason: 'quarantine' }])
  run.send({ kind: 'settled', paths: [path] })
  expect(run.view().held).toEqual([])
})

test('pending over its limit is told once and looked for again when half of it is gone', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  const changes = Array.from({ length: 200_010 }, (_, i) => change(`f${i}`, 'code', 0))
  run.send({ kind: 'changes', changes })
  run.send({ kind: 'changes', changes: [change('one more', 'code', 0)] })
  expect(run.view().pendingCount).toBe(200_000)
  expect(run.notices()).toHaveLength(1)
  const looks = run.times('reconcile').length
  run.until(5 * second).send({ kind: 'tick' })
  expect(run.times('reconcile').length).toBe(looks)
  expect(run.view().oldestUnsyncedAtMs).toBe(0)
  run.send({ kind: 'batch-done', batchId: 1, result: committed(run.batches()[0]?.paths ?? []) })
  expect(run.times('reconcile').length).toBe(looks + 1)
})

test.each([
  { kind: 'settled', paths: [pathBytes('a')] } as const,
  { kind: 'held', held: [{ path: pathBytes('a'), reason: 'a secret' }] } as const,
])('a path found $kind while its batch is in flight is judged again when HEAD has it', (verdict) => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second)
  run.until(6 * second).send(verdict)
  run.until(8 * second).send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  expect(run.view()).toMatchObject({ pendingCount: 1, held: [], oldestUnsyncedAtMs: 6 * second })
  run.until(minute)
  expect(run.batches()[1]).toMatchObject({ atMs: 11 * second, paths: ['a'] })
  run.send({ kind: 'batch-done', batchId: 2, result: { ...nothing, settled: [pathBytes('a')] } })
  expect(run.view()).toMatchObject({ phase: 'idle', pendingCount: 0, oldestUnsyncedAtMs: null })
})

test('whoever asks for a path after it was found settled in flight waits for the second judgement', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second).send({ kind: 'settled', paths: [pathBytes('a')] })
  const id = run.flush('a')
  run.send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  expect(run.answered(id)).toBeNull()
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 2, result: committed([pathBytes('a')]) })
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a path settled in flight that changed once more waits for its own newer change', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second).send({ kind: 'settled', paths: [pathBytes('a')] })
  run.until(9 * second).change('a')
  run.send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  expect(run.view()).toMatchObject({ pendingCount: 1, pending: [{ path: 'a', dueAtMs: 14 * second }] })
})

test('a path held in flight whose batch failed is pending, not held too', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second).send({ kind: 'held', held: [{ path: pathBytes('a'), reason: 'a secret' }] })
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, failure: failure('locked', 'backoff') } })
  expect(run.view()).toMatchObject({ pendingCount: 1, held: [] })
})
