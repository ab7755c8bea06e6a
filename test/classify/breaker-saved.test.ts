import { expect, test } from 'vitest'
import { createBreaker } from '../../src/classify/breaker.ts'
import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { readSavedBreaker } from '../../src/classify/breaker-saved.ts'
import { pathBytes, pathOfLatin1 } from '../../src/types.ts'
import { seeded } from '../simulation/writers.ts'
import type { Breaker } from '../../src/classify/breaker.ts'

const half = (): number => 0.5

function makeSlow(breaker: Breaker, name: string, fromMs: number): void {
  for (let n = 0; n < 3; n += 1) {
    breaker.wrote(pathBytes(name), fromMs + n * 1000, false)
    breaker.committed([pathBytes(name)], fromMs + n * 1000 + 500)
  }
}

/** Through JSON, as on disk. */
function restarted(breaker: Breaker): Breaker {
  const saved = readSavedBreaker(JSON.parse(JSON.stringify(breaker.save())))
  expect(saved).not.toBeNull()
  return createBreaker(breakerDefaults, saved)
}

/** A loop that answers each commit after two seconds: what the lane was at each of its writes. */
function playLoop(restart: (breaker: Breaker) => Breaker): readonly string[] {
  let breaker = createBreaker(breakerDefaults, null)
  const chance = seeded(5)
  const path = pathOfLatin1('caf\xe9\xff/k3j9x2.json')
  const seen: string[] = []
  let nowMs = 0
  for (let commits = 0; commits < 9; commits += 1) {
    breaker.wrote(path, nowMs, false)
    breaker = restart(breaker)
    const lane = breaker.lane(path, nowMs, chance)
    seen.push(JSON.stringify([nowMs, lane]))
    breaker = restart(breaker)
    const dueMs = lane.kind === 'slow' ? lane.commitAtMs : nowMs + 30_000
    breaker.committed([path], dueMs)
    breaker = restart(breaker)
    nowMs = dueMs + 2000
  }
  return seen
}

test('restarts change nothing: a loop ends in the same quarantine at the same instant', () => {
  const seen = playLoop((breaker) => breaker)
  expect(seen.at(-1)).toContain('"quarantine"')
  expect(playLoop(restarted)).toEqual(seen)
})

test.each([
  null,
  'text',
  [],
  {},
  { version: 2, patterns: [] },
  { version: 1 },
  { version: 1, patterns: {} },
  { version: 1, patterns: [['a']] },
  { version: 1, patterns: [['a', null]] },
  { version: 1, patterns: [['', {}]] },
])('what is not a saved breaker is refused: %j', (value) => {
  expect(readSavedBreaker(value)).toBeNull()
})

test('a saved breaker with any one member missing or of another kind is refused', () => {
  const breaker = createBreaker(breakerDefaults, null)
  makeSlow(breaker, 'slow.json', 0)
  breaker.wrote(pathBytes('slow.json'), 4000, false)
  breaker.lane(pathBytes('slow.json'), 4000, half)
  breaker.wrote(pathBytes('normal.json'), 5000, false)
  breaker.committed([pathBytes('normal.json')], 6000)
  const text = JSON.stringify(breaker.save())
  const spoilt: string[] = []
  for (const match of text.matchAll(/"(\w+)":/g)) {
    const [member] = match
    const without = `${text.slice(0, match.index)}"x":${text.slice(match.index + member.length)}`
    if (readSavedBreaker(JSON.parse(without)) !== null) spoilt.push(`${member} missing`)
    const other = text.slice(match.index).replace(/:(?:-?[\d.]+(?:e-?\d+)?|null|true|false|"[^"]*")/, ':{}')
    if (readSavedBreaker(JSON.parse(text.slice(0, match.index) + other)) !== null) spoilt.push(`${member} {}`)
  }
  expect(readSavedBreaker(JSON.parse(text))).not.toBeNull()
  expect(spoilt).toEqual([])
})

test('at the limit the normal pattern written longest ago is forgotten, slow ones are kept', () => {
  const options = { ...breakerDefaults, patternsMax: 10 }
  const breaker = createBreaker(options, null)
  for (const name of ['x', 'y']) makeSlow(breaker, `slow-${name}.json`, 0)
  const old = pathBytes('old.json')
  const young = pathBytes('young.json')
  for (const path of [old, young]) {
    breaker.wrote(path, 10_000, false)
    breaker.committed([path], 11_000)
  }
  for (const letter of 'abcdefg') breaker.wrote(pathBytes(`${letter}.json`), 12_000, false)
  for (const path of [young, old]) {
    for (const atMs of [20_000, 30_000]) {
      breaker.wrote(path, atMs, false)
      breaker.committed([path], atMs + 1000)
    }
  }
  expect(breaker.lane(young, 40_000, half).kind).toBe('slow')
  expect(breaker.lane(old, 40_000, half).kind).toBe('normal')
  expect(breaker.lane(pathBytes('slow-x.json'), 40_000, half).kind).toBe('slow')
  expect(breaker.view(40_000).full).toBe(false)
})

test('what is written again and again outlives what was written once', () => {
  const breaker = createBreaker({ ...breakerDefaults, patternsMax: 10 }, null)
  const busy = pathBytes('busy.json')
  for (const [index, letter] of 'abcdefghijklmnopqrstuvwxyz'.split('').entries()) {
    breaker.wrote(pathBytes(`${letter}.json`), index * 1000, false)
    if (index % 8 !== 0) continue
    breaker.wrote(busy, index * 1000, false)
    breaker.committed([busy], index * 1000 + 500)
  }
  expect(breaker.lane(busy, 30_000, half).kind).toBe('slow')
})

test('when all known patterns are slow, new ones are not watched and that is told', () => {
  const breaker = createBreaker({ ...breakerDefaults, patternsMax: 3 }, null)
  for (const name of ['a', 'b', 'c', 'd']) makeSlow(breaker, `${name}.json`, 0)
  const view = breaker.view(5000)
  expect(view.full).toBe(true)
  expect(view.slow.map((slow) => slow.pattern)).toEqual(['a.json', 'b.json', 'c.json'])
  expect(breaker.lane(pathBytes('d.json'), 5000, half).kind).toBe('normal')
})

test('what is saved is bounded: all that is slow, of the rest the last that were committed, then what waits', () => {
  const breaker = createBreaker({ ...breakerDefaults, savedNormalMax: 2 }, null)
  makeSlow(breaker, 'slow.json', 0)
  for (const letter of 'abcd') {
    breaker.wrote(pathBytes(`${letter}.json`), 5000, false)
    breaker.committed([pathBytes(`${letter}.json`)], 6000)
  }
  breaker.wrote(pathBytes('uncommitted.json'), 7000, false)
  expect(breaker.save().patterns.map(([key]) => key)).toEqual(['slow.json', 'c.json', 'd.json'])
  for (const letter of 'abcd') breaker.wrote(pathBytes(`${letter}.json`), 8000, true)
  expect(breaker.save().patterns.map(([key]) => key)).toEqual(['slow.json', 'uncommitted.json'])
})

test('a tool that makes 50,000 new files is watched in bounded memory', () => {
  const breaker = createBreaker(breakerDefaults, null)
  makeSlow(breaker, 'slow.json', 0)
  const letters = 'abcdefghijklmnopqrstuvwxyz'
  for (let n = 0; n < 50_000; n += 1) {
    const name = [n, n / 26, n / 676, n / 17_576].map((part) => letters[Math.floor(part) % 26]).join('')
    breaker.wrote(pathBytes(`new/${name}.json`), 4000, false)
  }
  expect(breaker.view(5000).slow.length).toBe(1)
  expect(breaker.save().patterns.length).toBe(201)
})
