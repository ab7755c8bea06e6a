import { expect, test } from 'vitest'
import { createBreaker } from '../../src/classify/breaker.ts'
import { breakerDefaults } from '../../src/classify/breaker-options.ts'
import { pathBytes } from '../../src/types.ts'
import type { Breaker } from '../../src/classify/breaker.ts'
import type { BreakerOptions } from '../../src/classify/breaker-options.ts'
import type { Lane, PathBytes, Trigger } from '../../src/types.ts'

const minuteMs = 60_000
const path = pathBytes('state/service.json')
const half = (): number => 0.5

function newBreaker(options: Partial<BreakerOptions> = {}): Breaker {
  return createBreaker({ ...breakerDefaults, ...options }, null)
}

function change(breaker: Breaker, atMs: number, at: PathBytes = path, trigger: Trigger = 'automatic'): void {
  breaker.wrote(at, atMs, false)
  breaker.committed([at], atMs + 30_000, trigger)
}

/** Slow since 270 s, its last commit. */
function slowBreaker(options: Partial<BreakerOptions> = {}): Breaker {
  const breaker = newBreaker(options)
  for (const atMs of [0, 120_000, 240_000]) change(breaker, atMs)
  return breaker
}

function dueMs(lane: Lane): number {
  if (lane.kind !== 'slow') throw new Error(`expected slow, is ${lane.kind}`)
  return lane.commitAtMs
}

/** Answers slow commits one second after each, until in quarantine. @returns the instant and the commits it took */
function answerUntilQuarantine(breaker: Breaker, fromMs: number): { readonly atMs: number; readonly commits: number } {
  breaker.wrote(path, fromMs, false)
  for (let commits = 0, nowMs = fromMs; commits < 20; commits += 1) {
    const lane = breaker.lane(path, nowMs, half)
    if (lane.kind === 'quarantine') return { atMs: nowMs, commits }
    nowMs = dueMs(lane) + 100
    breaker.committed([path], nowMs)
    nowMs += 1000
    breaker.wrote(path, nowMs, false)
  }
  throw new Error('never in quarantine')
}

test('a path that nobody wrote is in the normal lane', () => {
  expect(newBreaker().lane(path, 0, half)).toEqual({ kind: 'normal' })
})

test('the third automatic commit within ten minutes makes a pattern slow', () => {
  const breaker = newBreaker()
  change(breaker, 0)
  change(breaker, 300_000)
  expect(breaker.lane(path, 400_000, half).kind).toBe('normal')
  change(breaker, 600_000)
  expect(breaker.lane(path, 700_000, half)).toMatchObject({ kind: 'slow', pattern: 'state/service.json' })
  expect(breaker.view(700_000).slow).toEqual([{ pattern: 'state/service.json', sinceMs: 630_000, path }])
})

test('a writer that never rests, committed every five minutes and a little, becomes slow', () => {
  const breaker = newBreaker()
  for (const atMs of [0, 310_000, 620_000]) change(breaker, atMs)
  expect(breaker.lane(path, 700_000, half).kind).toBe('slow')
})

test('two commits and a pause make nothing slow, again and again', () => {
  const breaker = newBreaker()
  for (let round = 0; round < 20; round += 1) {
    change(breaker, round * 12 * minuteMs)
    change(breaker, round * 12 * minuteMs + minuteMs)
    expect(breaker.lane(path, round * 12 * minuteMs + 2 * minuteMs, half).kind).toBe('normal')
  }
})

test('commits that somebody asked for make nothing slow', () => {
  for (const trigger of ['asked', 'turn'] as const) {
    const breaker = newBreaker()
    for (const atMs of [0, 60_000, 120_000, 180_000]) change(breaker, atMs, path, trigger)
    expect(breaker.lane(path, 200_000, half).kind).toBe('normal')
  }
})

test('a commit counts only if something was written since the last one', () => {
  const breaker = newBreaker()
  breaker.wrote(path, 0, false)
  for (const atMs of [30_000, 60_000, 90_000, 120_000]) breaker.committed([path], atMs)
  expect(breaker.lane(path, 130_000, half).kind).toBe('normal')
})

test('a write noticed before an earlier commit is told waits for the next one, which counts', () => {
  const breaker = newBreaker()
  breaker.wrote(path, 0, false)
  breaker.wrote(path, 30_050, false)
  breaker.committed([path], 30_000)
  breaker.committed([path], 60_000)
  breaker.wrote(path, 70_000, false)
  breaker.committed([path], 90_000)
  expect(breaker.lane(path, 100_000, half).kind).toBe('slow')
})

test('commits of paths whose writes were never told (allowed by a rule) make nothing slow', () => {
  const breaker = newBreaker()
  for (const atMs of [0, 60_000, 120_000, 180_000]) breaker.committed([path], atMs)
  expect(breaker.lane(path, 200_000, half).kind).toBe('normal')
})

test('one commit of many files of a pattern counts once', () => {
  const breaker = newBreaker()
  const files = Array.from({ length: 50 }, (_, index) => pathBytes(`log/part-${index}.json`))
  for (const file of files) breaker.wrote(file, 0, false)
  breaker.committed(files, 30_000)
  expect(breaker.lane(pathBytes('log/part-7.json'), 40_000, half).kind).toBe('normal')
})

test('a slow pattern is due a cooldown after its last commit and the delay of 10 to 30 s', () => {
  const breaker = slowBreaker()
  breaker.wrote(path, 280_000, false)
  expect(dueMs(breaker.lane(path, 280_000, () => 0))).toBe(270_000 + 300_000 + 10_000)
  expect(dueMs(breaker.lane(path, 400_000, () => 0.9))).toBe(270_000 + 300_000 + 10_000)
})

test('all paths of a slow pattern are due together', () => {
  const breaker = newBreaker()
  const files = [1, 2, 3].map((n) => pathBytes(`ckpt-${n}.json`))
  for (const [index, file] of files.entries()) change(breaker, index * 60_000, file)
  for (const file of files) breaker.wrote(file, 200_000, false)
  const dues = files.map((file, index) => dueMs(breaker.lane(file, 200_000, () => index / 3)))
  expect(new Set(dues).size).toBe(1)
})

test('a change after the cooldown waits for its own save to end and for the delay', () => {
  const breaker = slowBreaker()
  breaker.wrote(path, 1_000_000, false)
  breaker.wrote(path, 1_000_400, false)
  expect(dueMs(breaker.lane(path, 1_000_400, half))).toBe(1_001_000 + 20_000)
})

test('the cooldown can be configured', () => {
  const breaker = slowBreaker({ cooldownMs: 0 })
  breaker.wrote(path, 280_000, false)
  expect(dueMs(breaker.lane(path, 280_000, half))).toBe(301_000)
})

test('a loop is in quarantine after four slow commits, with the rule that would settle it', () => {
  const breaker = slowBreaker()
  const { atMs, commits } = answerUntilQuarantine(breaker, 271_000)
  expect(commits).toBe(4)
  const pattern = 'state/service.json'
  expect(breaker.lane(path, atMs, half)).toEqual({ kind: 'quarantine', pattern, signal: 'feedback' })
  const proposedRule = 'BLOCK:state/service.json:written in answer to our own commits'
  expect(breaker.view(atMs)).toEqual({
    slow: [],
    quarantine: [{ pattern, signal: 'feedback', sinceMs: atMs, path, proposedRule }],
    full: false,
  })
})

test('a loop is caught just so when its answers are noticed before the commit is told', () => {
  const breaker = slowBreaker()
  breaker.wrote(path, 271_000, false)
  let nowMs = 271_000
  for (let commits = 0; commits < 4; commits += 1) {
    nowMs = dueMs(breaker.lane(path, nowMs, half)) + 300
    breaker.wrote(path, nowMs, false)
    breaker.committed([path], nowMs - 100)
  }
  expect(breaker.lane(path, nowMs, half).kind).toBe('quarantine')
})

test('quarantine does not end by resting', () => {
  const breaker = slowBreaker()
  const { atMs } = answerUntilQuarantine(breaker, 271_000)
  expect(breaker.lane(path, atMs + 1000 * 60 * minuteMs, half).kind).toBe('quarantine')
})

test('a regular run of half an hour gets one commit per half hour, one of two hours goes to quarantine', () => {
  const breaker = newBreaker()
  const last = { commitMs: 0 }
  const gapsMs: number[] = []
  let waits = false
  for (let nowMs = 0; nowMs < 3 * 60 * minuteMs; nowMs += 10_000) {
    breaker.wrote(path, nowMs, false)
    const lane = breaker.lane(path, nowMs, half)
    if (lane.kind === 'quarantine') {
      expect(lane.signal).toBe('metronome')
      expect(nowMs).toBe(120 * minuteMs)
      expect(Math.max(...gapsMs)).toBeGreaterThan(30 * minuteMs)
      expect(gapsMs.filter((gapMs) => gapMs > 29 * minuteMs).length).toBe(3)
      return
    }
    const isDue = lane.kind === 'slow' ? nowMs >= lane.commitAtMs : nowMs - last.commitMs >= 5 * minuteMs
    waits ||= lane.kind === 'slow'
    if (!isDue) continue
    breaker.committed([path], nowMs)
    gapsMs.push(nowMs - last.commitMs)
    last.commitMs = nowMs
  }
  throw new Error('never in quarantine')
})

test('a regular run alone, that is not committed often, holds nothing', () => {
  const breaker = newBreaker()
  for (let nowMs = 0; nowMs < 5 * 60 * minuteMs; nowMs += 10_000) breaker.wrote(path, nowMs, false)
  expect(breaker.lane(path, 5 * 60 * minuteMs, half).kind).toBe('normal')
})

test('a slow pattern that rests for an hour is forgotten', () => {
  const breaker = slowBreaker()
  expect(breaker.lane(path, 240_000 + 60 * minuteMs - 1, half).kind).toBe('slow')
  expect(breaker.view(240_000 + 60 * minuteMs).slow).toEqual([])
  expect(breaker.lane(path, 240_000 + 60 * minuteMs, half).kind).toBe('normal')
})

test('a write by a person ends slow and quarantine, and its commit does not count', () => {
  const breaker = slowBreaker()
  breaker.wrote(path, 300_000, true)
  expect(breaker.lane(path, 300_000, half).kind).toBe('normal')
  for (let n = 0; n < 5; n += 1) {
    breaker.wrote(path, 400_000 + n * 10_000, true)
    breaker.committed([path], 405_000 + n * 10_000)
  }
  expect(breaker.lane(path, 500_000, half).kind).toBe('normal')
  for (const atMs of [500_000, 510_000, 520_000]) change(breaker, atMs)
  const { atMs } = answerUntilQuarantine(breaker, 551_000)
  breaker.wrote(path, atMs + 1000, true)
  expect(breaker.lane(path, atMs + 1000, half).kind).toBe('normal')
})

test('release ends quarantine by path or by pattern and says what it released', () => {
  for (const name of ['runs/7/state.json', 'runs/*/state.json', 'runs/99/state.json']) {
    const breaker = newBreaker()
    for (const atMs of [0, 60_000, 120_000]) change(breaker, atMs, pathBytes('runs/7/state.json'))
    expect(breaker.release('src/state.json')).toEqual([])
    expect(breaker.release(name)).toEqual(['runs/*/state.json'])
    expect(breaker.release(name)).toEqual([])
    expect(breaker.lane(pathBytes('runs/7/state.json'), 150_000, half).kind).toBe('normal')
  }
})

test('release knows names beyond ASCII, as text and as bytes', () => {
  const name = 'über/zähler-7.json'
  for (const asked of [name, pathBytes(name), 'über/zähler-*.json']) {
    const breaker = newBreaker()
    for (const atMs of [0, 60_000, 120_000]) change(breaker, atMs, pathBytes(name))
    expect(breaker.release(asked)).toEqual(['über/zähler-*.json'])
  }
})

test('a rule that now decides the path ends what is slow', () => {
  const breaker = slowBreaker()
  expect(breaker.settle((decided) => decided === pathBytes('other'))).toEqual([])
  expect(breaker.settle((decided) => decided === path)).toEqual(['state/service.json'])
  expect(breaker.view(300_000).slow).toEqual([])
})

test('a jump of the clock moves cooldown and delay along', () => {
  for (const deltaMs of [-3_600_000, 3_600_000]) {
    const breaker = slowBreaker()
    breaker.wrote(path, 280_000, false)
    expect(dueMs(breaker.lane(path, 280_000, half))).toBe(590_000)
    breaker.shift(deltaMs)
    expect(dueMs(breaker.lane(path, 281_000 + deltaMs, half))).toBe(590_000 + deltaMs)
    breaker.wrote(path, 300_000 + deltaMs, false)
    expect(breaker.view(300_000 + deltaMs).slow[0]?.sinceMs).toBe(270_000 + deltaMs)
  }
})

test('a jump of the clock neither makes nor hides a third commit or a regular run', () => {
  const breaker = newBreaker()
  change(breaker, 0)
  change(breaker, 60_000)
  breaker.shift(3_600_000)
  change(breaker, 3_720_000)
  expect(breaker.lane(path, 3_760_000, half).kind).toBe('slow')
  let fromMs = 3_800_000
  for (let beats = 0; beats < 730; beats += 1) {
    if (beats === 400) {
      breaker.shift(7_000_000)
      fromMs += 7_000_000
    }
    breaker.wrote(path, fromMs + beats * 10_000, false)
  }
  expect(breaker.lane(path, fromMs + 7_300_000, half)).toMatchObject({ kind: 'quarantine', signal: 'metronome' })
})

test('a clock set back unseen does not stretch the cooldown', () => {
  const breaker = slowBreaker()
  const nowMs = -365 * 24 * 60 * minuteMs
  expect(dueMs(breaker.lane(path, nowMs, half))).toBeLessThanOrEqual(nowMs + 400_000)
})
