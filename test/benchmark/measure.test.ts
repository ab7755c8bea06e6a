import { expect, test } from 'vitest'
import { medianOf, rowOf, sampled } from '../../src/benchmark/measure.ts'

test('runs take turns, at least once, and begin no more when their time is over', async () => {
  const order: string[] = []
  const times = await sampled(
    { budgetMs: -1, samplesMax: 50 },
    () => order.push('ours'),
    () => Promise.resolve(order.push('theirs')),
  )
  expect(order).toEqual(['ours', 'theirs'])
  expect(times.map((list) => list.length)).toEqual([1, 1])
  const [few] = await sampled({ budgetMs: 60_000, samplesMax: 2 }, () => undefined)
  expect(few).toHaveLength(2)
})

test('a figure is the median of its samples, for one of them, in its unit', () => {
  const what = { layer: 'rules', name: 'one path', unit: 'ns' } as const
  const row = rowOf(what, [3, 1, 2], 1_000, { name: 'list', times: [8, 8, 8], count: 100 })
  expect(row).toEqual({
    ...what,
    median: 2_000,
    samples: 3,
    reference: { name: 'list', median: 80_000, ratio: 0.025 },
  })
  expect(rowOf({ ...what, unit: 'ms' }, [1.23456]).median).toBe(1.23)
  expect(medianOf([])).toBeNaN()
})
