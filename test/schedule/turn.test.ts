import { expect, test } from 'vitest'
import { calm, failure, hour, minute, nothing, ScheduleRun, second } from '../support/schedule-run.ts'

const ofS = { group: 'agent:s', session: 's' }

function openTurn(run: ScheduleRun, session = 's'): void {
  run.send({ kind: 'turn', session, open: true })
}

function endTurn(run: ScheduleRun, session = 's'): void {
  run.send({ kind: 'turn', session, open: false })
}

test('an open turn keeps its paths, and its end makes one commit of them at once', () => {
  const run = new ScheduleRun()
  openTurn(run)
  for (let n = 0; n < 20; n++) run.until(n * 10 * second).change(`f${n}`, 'immediate', ofS)
  expect(run.batches()).toEqual([])
  run.until(200 * second)
  endTurn(run)
  expect(run.batches()).toMatchObject([{ atMs: 200 * second, group: 'agent:s', trigger: 'turn' }])
  expect(run.batches()[0]?.paths).toHaveLength(20)
  expect(run.until(minute * 30).batches()).toHaveLength(1)
})

test('a path written in the last moment of a turn leaves with it', () => {
  const run = new ScheduleRun()
  openTurn(run)
  run.until(minute).change('a', 'default', ofS)
  endTurn(run)
  expect(run.batches()).toMatchObject([{ atMs: minute, paths: ['a'] }])
})

test('a turn keeps nothing longer than 15 minutes, and then leaves whole, within the budget', () => {
  const run = new ScheduleRun()
  openTurn(run)
  for (let n = 0; n < 25; n++) run.until(n * minute).change(`f${n}`, 'immediate', ofS)
  expect(run.batches()).toMatchObject([{ atMs: 15 * minute, trigger: 'automatic' }])
  expect(run.batches()[0]?.paths).toHaveLength(15)
  endTurn(run)
  expect(run.batches()[1]?.paths).toHaveLength(10)
})

test("turns of different sessions and other people's changes do not mix", () => {
  const run = new ScheduleRun()
  openTurn(run)
  openTurn(run, 't')
  run.change('a', 'code', ofS)
  run.change('b', 'code', { group: 'agent:t', session: 't' })
  run.change('c', 'code')
  run.until(minute)
  expect(run.batches().map(({ paths }) => paths)).toEqual([['c']])
  endTurn(run, 't')
  endTurn(run)
  expect(run.batches().map(({ paths }) => paths)).toEqual([['c'], ['b'], ['a']])
})

test('a turn that ends while a batch is in flight has its one commit right after it', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  openTurn(run)
  run.change('a', 'code', ofS)
  run.change('b', 'code')
  run.until(10 * second)
  endTurn(run)
  run.until(11 * second).change('later', 'code', ofS)
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, settled: run.batches()[0]?.paths ?? [] } })
  expect(run.batches()[1]).toMatchObject({ atMs: 11 * second, paths: ['a'], trigger: 'turn' })
})

test('the commit of a turn that failed is still that turn’s when it is tried again', () => {
  const run = new ScheduleRun({}, { commit: () => ({ ...nothing, failure: failure('locked', 'backoff') }) })
  openTurn(run)
  run.change('a', 'code', ofS)
  endTurn(run)
  run.answers = {}
  run.until(minute)
  expect(run.batches().map(({ trigger }) => trigger)).toEqual(['turn', 'turn'])
})

test('after its end a session’s late changes go by their own timers', () => {
  const run = new ScheduleRun()
  openTurn(run)
  endTurn(run)
  run.change('log', 'code', ofS)
  run.until(minute)
  expect(run.batches()).toMatchObject([{ atMs: 5 * second, trigger: 'automatic' }])
})

test('a turn without changes makes no commit', () => {
  const run = new ScheduleRun()
  openTurn(run)
  endTurn(run)
  expect(run.until(minute).batches()).toEqual([])
})

test('the number of open turns is bounded: the oldest is ended', () => {
  const run = new ScheduleRun()
  openTurn(run)
  run.change('a', 'code', ofS)
  for (let n = 0; n < 999; n++) openTurn(run, `t${n}`)
  expect(run.batches()).toEqual([])
  openTurn(run, 'one more')
  expect(run.batches()).toMatchObject([{ paths: ['a'], trigger: 'turn' }])
})

test('what a session left running wrote after an earlier turn does not take an open turn along', () => {
  const run = new ScheduleRun()
  openTurn(run)
  run.change('kept', 'code', ofS)
  run.change('server.log', 'code', { group: 'agent:s' })
  expect(
    run
      .until(minute)
      .batches()
      .map(({ paths }) => paths),
  ).toEqual([['server.log']])
})

test('paths that waited for the budget when their turn opened again leave when it has kept them long enough', () => {
  const run = new ScheduleRun({ limits: { ...calm.limits, commitsPerHour: 1 } })
  run.change('x')
  run.until(10 * second)
  openTurn(run)
  endTurn(run)
  run.change('y', 'code', ofS)
  run.until(30 * second)
  openTurn(run)
  run.until(hour)
  expect(run.batches().map(({ atMs, paths }) => [atMs, paths])).toEqual([
    [5 * second, ['x']],
    [15 * minute + 10 * second, ['y']],
  ])
})
