import { expect, test } from 'vitest'
import type { BatchResult } from '../../src/schedule/schedule.ts'
import { pathBytes, type PathBytes } from '../../src/types.ts'
import {
  change,
  committed,
  failure,
  minute,
  nothing,
  ScheduleRun,
  second,
  seen,
  unseen,
} from '../support/schedule-run.ts'

const paused = { name: 'merge', detail: 'a merge is in progress: finish it', stops: 'commit' } as const

test('a flush commits everything pending at once, by group, and answers when the remote has it', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('a', 'default')
  run.change('b', 'default', { group: 'two' })
  const id = run.flush()
  expect(run.batches()).toMatchObject([
    { atMs: 0, paths: ['a'], trigger: 'asked' },
    { atMs: 0, paths: ['b'], trigger: 'asked' },
  ])
  expect(run.answered(id)).toBeNull()
  run.answers = {}
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.answered(id)).toEqual({ ok: true, held: [], problem: null })
})

test('with nothing to do it answers at once', () => {
  const run = new ScheduleRun()
  expect(run.answered(run.flush())).toEqual({ ok: true, held: [], problem: null })
})

test('it takes slow paths and those of open turns too', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'turn', session: 's', open: true })
  run.change('t', 'code', { group: 'agent:s', session: 's' })
  run.change('beat', 'slow', { slow: { pattern: 'beat', commitAtMs: minute } })
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
  expect(run.batches().map(({ paths }) => paths)).toEqual([['t'], ['beat']])
})

test('named paths and directories are flushed alone; the rest keeps its timer', () => {
  const run = new ScheduleRun()
  for (const name of ['docs/a', 'docs/b/c', 'docs-old', 'x']) run.change(name)
  expect(run.answered(run.flush('docs', 'x'))).toMatchObject({ ok: true })
  expect(run.batches()).toMatchObject([{ atMs: 0, paths: ['docs/a', 'docs/b/c', 'x'] }])
  run.until(minute)
  expect(run.batches()[1]).toMatchObject({ atMs: 5 * second, paths: ['docs-old'], trigger: 'automatic' })
})

test('it waits for a batch in flight that holds what was asked for', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second)
  const id = run.flush('a')
  expect(run.answered(id)).toBeNull()
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a path asked for while its batch is in flight is asked for again if that batch fails', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  run.until(5 * second)
  const id = run.flush('a')
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 1, result: nothing })
  run.until(6 * second)
  expect(run.batches()[1]).toMatchObject({ paths: ['a'], trigger: 'asked' })
  expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a change made after the flush is not waited for', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  const id = run.flush()
  run.until(second).change('a', 'default')
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  expect(run.answered(id)).toMatchObject({ ok: true })
  expect(run.view().pendingCount).toBe(1)
})

test('a held path that is looked at again before the answer is judged again, not forgotten', () => {
  const held = [{ path: pathBytes('a'), reason: 'looks like a secret' }]
  const [a, b] = [pathBytes('a'), pathBytes('b')]
  const commit = ({ paths }: { readonly paths: readonly PathBytes[] }): BatchResult => ({
    ...(paths.includes(b) ? committed([b]) : nothing),
    held: paths.includes(a) ? held : [],
  })
  const run = new ScheduleRun({}, { push: () => null, commit })
  run.change('a')
  run.change('b')
  const id = run.flush()
  // The index was refreshed after the commit of `b`, so everything is compared once more.
  run.change('a')
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  run.until(minute)
  expect(run.answered(id)).toEqual({ ok: false, held, problem: null })
})

test('what is held is named in the answer, after the rest has been pushed', () => {
  const run = new ScheduleRun()
  const held = { path: pathBytes('key'), reason: 'a secret' }
  run.send({ kind: 'held', held: [held] })
  run.change('a')
  expect(run.answered(run.flush())).toEqual({ ok: false, held: [held], problem: null })
  expect(run.batches()).toHaveLength(1)
  expect(run.answered(run.flush('a'))).toMatchObject({ ok: true })
})

test('what its own batch finds held is named too', () => {
  const held = { path: pathBytes('key'), reason: 'a secret' }
  const run = new ScheduleRun({}, { commit: () => ({ ...nothing, held: [held] }) })
  run.change('key')
  expect(run.answered(run.flush('key'))).toEqual({ ok: false, held: [held], problem: null })
})

test('while commits are paused it answers with the reason instead of waiting', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'pauses', pauses: [paused] })
  run.change('a')
  expect(run.answered(run.flush())).toMatchObject({ ok: false, problem: paused.detail })
  const remedied = { ...paused, detail: 'a merge is in progress; git merge --continue', remedy: 'git merge --continue' }
  run.send({ kind: 'pauses', pauses: [remedied] })
  expect(run.answered(run.flush())).toMatchObject({ problem: 'a merge is in progress', remedy: remedied.remedy })
  expect(run.batches()).toEqual([])
})

test('while only pushes are paused it commits and then says why the remote lacks it', () => {
  const run = new ScheduleRun()
  run.send({ kind: 'pauses', pauses: [{ ...paused, stops: 'push' }] })
  run.change('a')
  expect(run.answered(run.flush())).toMatchObject({ ok: false, problem: paused.detail })
  expect(run.batches()).toHaveLength(1)
})

test('offline it commits, tries a push at once, and says that the remote is unreachable', () => {
  const gone = failure('unreachable', 'unreachable')
  const run = new ScheduleRun()
  run.answers = { push: () => ({ kind: 'failed', failure: gone }), verify: () => unseen(gone) }
  run.change('a')
  run.until(10 * minute).change('b')
  const pushes = run.times('push').length
  const id = run.flush()
  expect(run.answered(id)).toMatchObject({ ok: false, problem: 'unreachable happened', remedy: 'mend it' })
  expect(run.times('push').length).toBe(pushes + 1)
  expect(run.batches()).toHaveLength(2)
  run.answers = {}
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
})

test('behind the remote it says so', () => {
  const run = new ScheduleRun({}, { push: () => ({ kind: 'behind' }) })
  run.answers = { ...run.answers, verify: () => null }
  run.change('a')
  expect(run.answered(run.flush())).toMatchObject({ ok: false, remedy: expect.stringContaining('git pull') as string })
})

test('a commit that fails is tried at once and its failure answered', () => {
  const run = new ScheduleRun({}, { commit: () => ({ ...nothing, failure: failure('identity', 'person') }) })
  run.change('a')
  run.until(minute)
  expect(run.answered(run.flush())).toMatchObject({ ok: false, problem: 'identity happened', remedy: 'mend it' })
  expect(run.times('commit')).toEqual([5 * second, minute])
})

test('a file that is not whole within a minute is named instead of waited for', () => {
  const run = new ScheduleRun({}, { commit: ({ paths }) => ({ ...nothing, unsettled: paths }) })
  run.change('growing', 'default')
  const id = run.flush()
  expect(run.until(59 * second).answered(id)).toBeNull()
  expect(run.times('commit').slice(0, 4)).toEqual([0, 300, 900, 2_100])
  expect(run.until(61 * second).answered(id)).toMatchObject({
    ok: false,
    problem: 'still being written after a minute: growing',
  })
})

test('nobody waits longer than 15 minutes', () => {
  const run = new ScheduleRun({}, { push: () => null })
  run.change('a')
  const id = run.flush()
  expect(run.until(14 * minute).answered(id)).toBeNull()
  expect(run.until(15 * minute).answered(id)).toMatchObject({ ok: false })
})

test('with pushing turned off it answers when everything is committed', () => {
  const run = new ScheduleRun({ push: { enabled: false, minIntervalMs: 0 } })
  run.change('a')
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
})

test('it does not wait for the least interval between pushes', () => {
  const run = new ScheduleRun({ push: { enabled: true, minIntervalMs: minute } })
  run.change('a')
  run.until(10 * second).change('b')
  expect(run.answered(run.flush())).toMatchObject({ ok: true })
  expect(run.times('push')).toEqual([5 * second, 10 * second])
})

test('several flushes at once are each answered, and one too many is refused', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a')
  const ids = Array.from({ length: 101 }, () => run.flush())
  expect(run.answered(101)).toMatchObject({ ok: false, remedy: expect.stringContaining('try again') as string })
  run.answers = {}
  run.send({ kind: 'batch-done', batchId: 1, result: committed([pathBytes('a')]) })
  for (const id of ids.slice(0, 100)) expect(run.answered(id)).toMatchObject({ ok: true })
})

test('a flush before the remote was ever seen waits for the first look', () => {
  const run = new ScheduleRun({}, { verify: () => null })
  const id = run.flush()
  expect(run.answered(id)).toBeNull()
  run.send(unseen(failure('unreachable', 'unreachable')))
  expect(run.answered(id)).toMatchObject({ ok: false })
})

test('a flush of more than can be pending says so', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.send({ kind: 'changes', changes: Array.from({ length: 200_001 }, (_, n) => change(`f${n}`, 'code', 0)) })
  expect(run.answered(run.flush())).toMatchObject({ ok: false, remedy: expect.stringContaining('again') as string })
})

test('what was asked for and found to be held is told, whatever newer change of it waits', () => {
  const run = new ScheduleRun({}, { commit: () => null })
  run.change('a', 'default')
  const id = run.flush()
  run.until(100).change('a', 'default')
  const held = [{ path: pathBytes('a'), reason: 'secret' }]
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, held } })
  expect(run.answered(id)).toEqual({ ok: false, held, problem: null })
})

test('what was asked for and found to be held is told, also while a newer change of it is being judged', () => {
  const run = new ScheduleRun({}, { commit: () => null, push: () => null, verify: () => null })
  run.change('a', 'default')
  const id = run.flush()
  run.until(100).change('a', 'default')
  const held = [{ path: pathBytes('a'), reason: 'secret' }]
  run.send({ kind: 'batch-done', batchId: 1, result: { ...nothing, held } })
  run.until(minute)
  expect(run.times('commit')).toHaveLength(2)
  run.answers = { commit: () => null }
  run.send(seen(0, 0))
  expect(run.answered(id)).toEqual({ ok: false, held, problem: null })
})

test('what is committed after all before the answer is not told to be held', () => {
  const run = new ScheduleRun({}, { commit: () => null, push: () => null, verify: () => null })
  run.change('a', 'default')
  run.change('b', 'default')
  const id = run.flush()
  run.until(100).change('a', 'default')
  const held = [{ path: pathBytes('a'), reason: 'secret' }]
  run.send({ kind: 'batch-done', batchId: 1, result: { ...committed([pathBytes('b')]), held } })
  run.answers = { push: () => null }
  run.until(minute)
  run.answers = {}
  run.send({ kind: 'push-done', outcome: { kind: 'pushed', oid: 'c' } })
  expect(run.answered(id)).toEqual({ ok: true, held: [], problem: null })
})
