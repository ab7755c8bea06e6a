import { expect, test } from 'vitest'
import { pathText } from '../../src/types.ts'
import { committed, minute, ScheduleRun, second } from '../support/schedule-run.ts'

/** Every batch is committed as it is. */
function runWith(batchBytesMax: number): ScheduleRun {
  return new ScheduleRun({ batchBytesMax }, { commit: ({ paths }) => committed(paths) })
}

function names(run: ScheduleRun): readonly (readonly string[])[] {
  return run.batches().map(({ paths }) => paths.map(pathText))
}

test('what one commit may not hold leaves in the next ones, at once, and the small goes first', () => {
  const run = runWith(100)
  for (const name of ['a', 'b', 'c', 'd']) run.change(name, 'code', { sizeBytes: 60 })
  run.change('note', 'code', { sizeBytes: 1 })
  run.until(5 * second)
  expect(names(run)).toEqual([['a', 'note'], ['b'], ['c'], ['d']])
  expect(new Set(run.batches().map(({ atMs }) => atMs))).toEqual(new Set([5 * second]))
})

test('a path that is too large alone is tried alone', () => {
  const run = runWith(100)
  run.change('large', 'code', { sizeBytes: 1_000 })
  run.change('small', 'code', { sizeBytes: 1 })
  run.until(5 * second)
  expect(names(run)).toEqual([['large'], ['small']])
})

test('what was renamed is there already and counts for nothing', () => {
  const run = runWith(100)
  for (const name of ['a', 'b', 'c']) {
    run.change(`${name}-old`, 'code', { rename: { half: 'deleted', oid: name } })
    run.change(name, 'code', { sizeBytes: 90, rename: { half: 'created', oid: name } })
  }
  run.until(5 * second)
  expect(names(run)).toHaveLength(1)
})

test('a flush, a turn and a slow pattern leave whole, in as many commits as it takes', () => {
  const asked = runWith(100)
  for (const name of ['a', 'b', 'c']) asked.change(name, 'default', { sizeBytes: 60 })
  const id = asked.flush()
  expect(names(asked)).toEqual([['a'], ['b'], ['c']])
  expect(asked.answered(id)?.problem ?? null).toBeNull()

  const turn = runWith(100)
  turn.send({ kind: 'turn', session: 's', open: true })
  for (const name of ['a', 'b', 'c']) turn.change(name, 'code', { sizeBytes: 60, group: 'agent:s', session: 's' })
  turn.until(minute).send({ kind: 'turn', session: 's', open: false })
  expect(names(turn)).toEqual([['a'], ['b'], ['c']])

  const slow = runWith(100)
  for (const name of ['a', 'b', 'c']) {
    slow.change(name, 'slow', { sizeBytes: 60, slow: { pattern: '#', commitAtMs: minute } })
  }
  slow.until(minute)
  expect(names(slow)).toEqual([['a'], ['b'], ['c']])
})

test('the budget counts each of the commits', () => {
  const run = new ScheduleRun(
    {
      batchBytesMax: 100,
      limits: { mode: 'strict', commitsPerHour: 2, commitsPerDay: 50, gatherMs: 1, gatherPastDayMs: 1 },
    },
    { commit: ({ paths }) => committed(paths) },
  )
  for (const name of ['a', 'b', 'c']) run.change(name, 'code', { sizeBytes: 60 })
  run.until(59 * minute)
  expect(names(run)).toEqual([['a'], ['b']])
  run.until(62 * minute)
  expect(names(run)).toEqual([['a'], ['b'], ['c']])
})
