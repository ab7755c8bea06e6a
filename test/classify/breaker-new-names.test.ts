import { expect, test } from 'vitest'
import { createBreaker } from '../../src/classify/breaker.ts'
import { pathBytes } from '../../src/types.ts'
import { pick, seeded } from '../support/json-documents.ts'

const letters = 'abcdefghijklmnopqrstuvwxyz'.split('')
const draw = seeded(7)
const word = (length: number): string => Array.from({ length }, () => pick(draw, letters)).join('')

/** Who makes a file after each commit. @returns what became of it within a day. */
function reacting(nameOf: (nth: number) => string, afterMs: () => number) {
  const breaker = createBreaker({}, null)
  let [nowMs, commits, slow] = [0, 0, 0]
  while (nowMs < 24 * 3_600_000) {
    const path = pathBytes(nameOf(commits))
    breaker.wrote(path, nowMs, false, true)
    let lane = breaker.lane(path, nowMs, draw)
    if (lane.kind === 'quarantine') return { commits, slow, pattern: lane.pattern }
    let dueMs = nowMs + 5_000
    if (lane.kind === 'slow') slow += 1
    while (lane.kind === 'slow' && lane.commitAtMs !== dueMs) {
      dueMs = lane.commitAtMs
      lane = breaker.lane(path, dueMs, draw)
    }
    nowMs = dueMs
    breaker.committed([path], nowMs + 200)
    commits += 1
    nowMs += 200 + afterMs()
  }
  return { commits, slow, pattern: null }
}

test.each([
  ['words', () => `sessions/${word(5)}_${word(6)}.json`, 'sessions/?*.json'],
  ['letters', () => `state/${word(10)}.json`, 'state/?*.json'],
  ['folders of letters', () => `runs/${word(8)}/state.json`, 'runs/?*/state.json'],
  ['numbered folders', (nth: number) => `run${nth}/state.json`, '?*/state.json'],
  ['both', () => `runs/${word(8)}/${word(8)}.json`, 'runs/?*/?*.json'],
  ['endings', (nth: number) => `st/state.${letters[nth % 26]}${letters[Math.floor(nth / 26)]}`, 'st/state.?*'],
])('who answers each commit with a new file is found, whatever its name is made of: %s', (_, nameOf, pattern) => {
  const { commits, slow, pattern: found } = reacting(nameOf, () => 1_500)
  expect(found).toBe(pattern)
  expect(slow).toBeGreaterThan(0)
  expect(commits).toBeLessThan(30)
})

test('who makes many files in one place at any moment is not', () => {
  const gaps = [20_000, 90_000, 3_000, 240_000, 45_000, 7_000]
  const { pattern, slow } = reacting(
    () => `notes/${word(10)}.md`,
    () => pick(draw, gaps),
  )
  expect([pattern, slow]).toEqual([null, 0])
})

test('a person among them, and a release, begin it anew', () => {
  const breaker = createBreaker({}, null)
  const slowOf = (): number => breaker.view(0).slow.length
  const answer = (atMs: number): void => {
    const path = pathBytes(`state/${word(10)}.json`)
    breaker.wrote(path, atMs, false, true)
    breaker.committed([path], atMs + 5_000)
  }
  for (let nth = 0; nth < 7; nth += 1) answer(nth * 7_000)
  breaker.wrote(pathBytes('state/mine.json'), 49_000, true)
  for (let nth = 8; nth < 15; nth += 1) answer(nth * 7_000)
  expect(slowOf()).toBe(0)
  for (let nth = 15; nth < 18; nth += 1) answer(nth * 7_000)
  expect(slowOf()).toBe(1)
  expect(breaker.release('state/anything.json')).toEqual(['state/?*.json'])
  expect(slowOf()).toBe(0)
})
