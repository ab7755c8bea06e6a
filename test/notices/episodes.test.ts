import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { follow, restore, restMs, save, settleMs, type Episodes } from '../../src/notices/episodes.ts'
import type { Trouble } from '../../src/notices/troubles.ts'

const second = 1_000
const minute = 60 * second
const hour = 60 * minute

function trouble(key: string, kind: Trouble['kind'] = 'held', patienceMs = 5 * second): Trouble {
  return { key, kind, text: key, patienceMs }
}

/** Follows one timeline; gives what was told, as `begun` or `due`, with its instant. */
class Timeline {
  episodes: Episodes = restore([], 0)
  readonly begun: string[] = []
  readonly due: string[] = []
  wakeAtMs = Infinity

  at(nowMs: number, ...troubles: readonly Trouble[]): this {
    const step = follow(this.episodes, troubles, nowMs)
    this.episodes = step.episodes
    this.begun.push(...step.begun.map(({ key }) => `${nowMs / second} ${key}`))
    this.due.push(...step.due.map(({ key }) => `${nowMs / second} ${key}`))
    this.wakeAtMs = step.wakeAtMs
    return this
  }

  restart(nowMs: number): this {
    this.episodes = restore(JSON.parse(JSON.stringify(save(this.episodes))) as ReturnType<typeof save>, nowMs)
    return this
  }
}

test('told at once to the terminal, after its patience to the desktop, and no second time', () => {
  const a = trouble('a')
  const line = new Timeline().at(0, a)
  expect([line.begun, line.due, line.wakeAtMs]).toEqual([['0 a'], [], 5 * second])
  line
    .at(5 * second, a)
    .at(hour, a)
    .at(9 * hour, a)
  expect([line.begun, line.due, line.wakeAtMs]).toEqual([['0 a'], ['5 a'], Infinity])
})

test('what is over before the patience is, disturbs nobody', () => {
  const line = new Timeline()
    .at(0, trouble('a'))
    .at(4 * second)
    .at(hour)
  expect([line.begun, line.due]).toEqual([['0 a'], []])
})

test('what comes back within a minute was never gone; healed and back it is told again', () => {
  const a = trouble('a')
  const line = new Timeline()
    .at(0, a)
    .at(10 * second, a)
    .at(20 * second)
    .at(70 * second, a)
  expect([line.begun, line.due]).toEqual([['0 a'], ['10 a']])
  line
    .at(2 * hour)
    .at(3 * hour, a)
    .at(4 * hour, a)
  expect([line.begun, line.due]).toEqual([
    ['0 a', '10800 a'],
    ['10 a', '14400 a'],
  ])
})

test('a restart tells nothing again, and what was not told yet still', () => {
  const a = trouble('a')
  const b = trouble('b', 'paused', 15 * minute)
  const line = new Timeline()
    .at(0, a, b)
    .at(10 * second, a, b)
    .restart(0)
    .at(second, a, b)
    .at(hour, a, b)
  expect(line.begun).toEqual(['0 a', '0 b'])
  expect(line.due).toEqual(['10 a', '3600 b'])
})

test('the desktop hears of one kind at most once in 15 minutes, and then of all that came', () => {
  const all = ['a', 'b', 'c', 'd'].map((key) => trouble(key))
  const line = new Timeline()
  for (const [index] of all.entries()) line.at(index * minute, ...all.slice(0, index + 1))
  line.at(line.wakeAtMs, ...all)
  expect(line.due).toEqual([
    '60 a',
    `${60 + restMs / second} b`,
    `${60 + restMs / second} c`,
    `${60 + restMs / second} d`,
  ])
  const other = new Timeline().at(0, trouble('a')).at(minute, trouble('a'), trouble('p', 'paused', 0))
  expect(other.due).toEqual(['60 a', '60 p'])
})

test('thousands of troubles are followed up to a limit', () => {
  const many = Array.from({ length: 5_000 }, (_, i) => trouble(`${i}`))
  const line = new Timeline().at(0, ...many).at(hour, ...many)
  expect(line.episodes.list.length).toBe(500)
  expect(line.due.length).toBe(500)
})

/**
 * Any timeline of troubles that come and go, with restarts. `seen`: an episode is what stands with gaps shorter than
 * the settling time, by what the steps could see.
 */
test('every episode is told once, whatever happens', () => {
  const stepOf = fc.record({
    afterMs: fc.integer({ min: 1, max: 40 * minute }),
    standing: fc.subarray(['a', 'b', 'c'] as const),
    restart: fc.boolean(),
  })
  fc.assert(
    fc.property(fc.array(stepOf, { minLength: 1, maxLength: 60 }), (steps) => {
      const line = new Timeline()
      const expected: string[] = []
      const goneAtMs = new Map<string, number>()
      const open = new Set<string>()
      let nowMs = 0
      for (const { afterMs, standing, restart } of steps) {
        nowMs += afterMs
        if (restart) {
          line.restart(nowMs)
          goneAtMs.clear()
        }
        for (const key of open) {
          if (nowMs - (goneAtMs.get(key) ?? Infinity) >= settleMs) {
            open.delete(key)
            goneAtMs.delete(key)
          } else if (standing.some((one) => one === key)) goneAtMs.delete(key)
          else if (!goneAtMs.has(key)) goneAtMs.set(key, nowMs)
        }
        for (const key of standing.filter((one) => !open.has(one))) {
          open.add(key)
          expected.push(`${nowMs / second} ${key}`)
        }
        line.at(nowMs, ...standing.map((key) => trouble(key)))
        const known = line.due.length
        line.at(nowMs, ...standing.map((key) => trouble(key)))
        expect(line.due.length).toBe(known)
      }
      expect(line.begun.toSorted()).toEqual(expected.toSorted())
      for (const key of ['a', 'b', 'c']) {
        const count = (list: readonly string[]): number => list.filter((entry) => entry.endsWith(key)).length
        expect(count(line.due)).toBeLessThanOrEqual(count(line.begun))
      }
    }),
  )
})

test('never none: what stands for long enough is told on the desktop exactly once, however it is woken', () => {
  const kinds = fc.constantFrom<Trouble['kind']>('held', 'paused', 'quarantined', 'waiting')
  const troubles = fc.uniqueArray(fc.record({ key: fc.string(), kind: kinds, beginMs: fc.nat(hour) }), {
    selector: ({ key }) => key,
    maxLength: 8,
  })
  fc.assert(
    fc.property(troubles, (all) => {
      const line = new Timeline()
      const standing = (nowMs: number) =>
        all.filter(({ beginMs }) => beginMs <= nowMs).map(({ key, kind }) => trouble(key, kind, 15 * minute))
      for (const { beginMs } of all.toSorted((a, b) => a.beginMs - b.beginMs)) {
        while (line.wakeAtMs < beginMs) line.at(line.wakeAtMs, ...standing(line.wakeAtMs))
        line.at(beginMs, ...standing(beginMs))
      }
      while (line.wakeAtMs < Infinity) line.at(line.wakeAtMs, ...standing(Math.max(hour, line.wakeAtMs)))
      expect(line.due.length).toBe(all.length)
    }),
  )
})
