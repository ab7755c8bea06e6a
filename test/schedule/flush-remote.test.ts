import { expect, test } from 'vitest'
import { pathBytes } from '../../src/types.ts'
import { minute, nothing, ScheduleRun, second, seen } from '../support/schedule-run.ts'

test('with nothing to push it answers only by a look that began after it was asked', () => {
  const run = new ScheduleRun({}, { verify: () => null })
  const first = run.flush()
  run.until(second).send(seen(0, 0))
  expect(run.times('verify')).toEqual([0, second])
  expect(run.answered(first)).toBeNull()
  run.until(2 * second).send(seen(0, 0))
  expect(run.answered(first)).toMatchObject({ ok: true })
  const again = run.flush()
  expect(run.answered(again)).toBeNull()
  run.send(seen(0, 0))
  expect(run.answered(again)).toMatchObject({ ok: true })
})

test('a look that a move of HEAD overtook is no answer; commits it then finds are pushed first', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.answers = { verify: () => null, push: () => null }
  const id = run.flush()
  run.until(second).send({ kind: 'head-moved' })
  run.send(seen(0, 0))
  expect(run.answered(id)).toBeNull()
  run.until(2 * second).send(seen(1, 0))
  expect(run.answered(id)).toBeNull()
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('being behind of long ago is looked at again before it is answered', () => {
  const run = new ScheduleRun({}, { verify: () => seen(1, 1) })
  run.answers = { verify: () => seen(1, 0) }
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
})

test('a pause of pushes is no problem where a look finds nothing to push', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'pauses', pauses: [{ name: 'disk-low', detail: 'free some space', stops: 'push' }] })
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
})

test('a look without any answer is not repeated in vain', () => {
  const run = new ScheduleRun({}, { verify: () => ({ kind: 'verified', view: null, failure: null }) })
  const id = run.flush()
  run.until(minute)
  expect(run.times('verify')).toEqual([0, 0])
  expect(run.until(15 * minute).answered(id)).toMatchObject({ ok: false })
})

test('what a look showed before HEAD moved is no answer, even for a flush asked before it', () => {
  const run = new ScheduleRun({ verifyIntervalMs: minute }, { commit: () => null })
  run.change('a')
  const id = run.flush()
  run.until(2 * minute)
  run.answers = { verify: () => null }
  run.send({ kind: 'head-moved' })
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, settled: [pathBytes('a')] } })
  expect(run.answered(id)).toBeNull()
  run.until(3 * minute).send(seen(0, 0))
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a look that a commit overtook does not say that the remote is still ahead', () => {
  const run = new ScheduleRun({}, { verify: () => seen(0, 1) })
  run.answers = { verify: () => null }
  const id = run.flush()
  run.change('b', 'immediate')
  run.until(5 * second).send(seen(0, 0))
  expect(run.answered(id)).toBeNull()
  run.until(6 * second).send(seen(1, 0))
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a push that overtook a look is an answer by itself', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.answers = { verify: () => null, push: () => null }
  const id = run.flush()
  run.change('b', 'immediate')
  run.until(5 * second).send(seen(0, 0))
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.answered(id)).toMatchObject({ ok: true })
  expect(run.times('verify')).toEqual([0, 0])
})
