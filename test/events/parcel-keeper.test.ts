import { expect, test } from 'vitest'
import { ParcelKeeper } from '../../src/events/parcel-keeper.ts'
import type { WatchProcessListener } from '../../src/events/parcel-process.ts'
import { handClock } from '../support/hand-clock.ts'

interface Started extends WatchProcessListener {
  pings: number
  isEnded: boolean
}

/** A keeper whose processes are played by the test. */
function keeping() {
  const clock = handClock()
  const started: Started[] = []
  const watching: string[] = []
  const heard: string[] = []
  const keeper = new ParcelKeeper({
    clock,
    start(_, listener) {
      const process: Started = { ...listener, pings: 0, isEnded: false }
      started.push(process)
      return { ping: () => void (process.pings += 1), end: () => void (process.isEnded = true) }
    },
    order: () => ({ root: '/', ignored: [] }),
    heard: ({ paths }) => void heard.push(...paths),
    watching: (reason) => void watching.push(reason),
    changed: () => undefined,
  })
  const last = (): Started => started.at(-1) as Started
  return { clock, keeper, started, watching, heard, last }
}

async function running() {
  const kept = keeping()
  const ready = kept.keeper.renew('start')
  kept.clock.pass(0)
  kept.last().heard({ kind: 'ready' })
  await ready
  return kept
}

test('one that crashes is started again, ever more slowly, and there is trouble until it watches', async () => {
  const { clock, keeper, started, watching, last } = await running()
  const waitsMs: number[] = []
  for (let crash = 0; crash < 12; crash += 1) {
    last().ended('SIGSEGV')
    expect(keeper.trouble).toBe('SIGSEGV')
    const before = started.length
    const fromMs = clock.monotonicMs()
    while (started.length === before) clock.pass(100)
    waitsMs.push(clock.monotonicMs() - fromMs)
    last().heard({ kind: 'ready' })
    expect(keeper.trouble).toBeNull()
  }
  expect(waitsMs.slice(0, 4)).toEqual([1_000, 2_000, 4_000, 8_000])
  expect(Math.max(...waitsMs)).toBe(600_000)
  expect(watching).toHaveLength(13)
  clock.pass(600_000)
  for (let ping = 0; ping < 3; ping += 1) last().heard({ kind: 'pong' })
})

test('one that was well for long is started again at once', async () => {
  const { clock, started, last } = await running()
  last().ended('SIGSEGV')
  clock.pass(1_000)
  last().heard({ kind: 'ready' })
  for (let passed = 0; passed < 600_000; passed += 10_000) {
    clock.pass(10_000)
    last().heard({ kind: 'pong' })
  }
  last().ended('SIGSEGV')
  clock.pass(1_000)
  expect(started).toHaveLength(3)
})

test('one that does not answer is ended and started again', async () => {
  const { clock, keeper, started, last } = await running()
  const hanging = last()
  clock.pass(39_999)
  expect(hanging.pings).toBe(3)
  expect(hanging.isEnded).toBe(false)
  clock.pass(1)
  expect(hanging.isEnded).toBe(true)
  expect(keeper.trouble).toBe('it did not answer for 30 s')
  clock.pass(1_000)
  expect(started).toHaveLength(2)
})

test('one that stood still for a while may have missed something', async () => {
  const { clock, watching, last } = await running()
  clock.pass(20_000)
  last().heard({ kind: 'pong' })
  expect(watching).toEqual(['start', 'the watcher stood still for a while'])
  clock.pass(10_000)
  last().heard({ kind: 'pong' })
  expect(watching).toHaveLength(2)
})

test('one that is not ready in time is ended, and who waits for it goes on', async () => {
  const { clock, keeper, last } = keeping()
  const ready = keeper.renew('start')
  clock.pass(0)
  clock.pass(120_000)
  await ready
  expect(last().isEnded).toBe(true)
  expect(keeper.trouble).toBe('it was not ready after 120 s')
})

test('a renewal overlaps: both are heard, and the old one ends when the new one is ready', async () => {
  const { clock, keeper, started, heard, watching } = await running()
  keeper.renewSoon('new')
  clock.pass(1_000)
  const [old, fresh] = started as [Started, Started]
  old.heard({ kind: 'changed', paths: ['a'], missed: null })
  expect(old.isEnded).toBe(false)
  fresh.heard({ kind: 'ready' })
  expect(old.isEnded).toBe(true)
  fresh.heard({ kind: 'changed', paths: ['b'], missed: null })
  expect(heard).toEqual(['a', 'b'])
  expect(watching).toEqual(['start', 'new'])
})

test('what asks for a renewal while one is under way gets one more, after a rest', async () => {
  const { clock, keeper, started, last } = await running()
  keeper.renewSoon('one')
  clock.pass(1_000)
  keeper.renewSoon('two')
  clock.pass(5_000)
  expect(started).toHaveLength(2)
  last().heard({ kind: 'ready' })
  clock.pass(19_999)
  expect(started).toHaveLength(2)
  clock.pass(1)
  expect(started).toHaveLength(3)
})

test('a renewal that fails leaves the old one watching, with trouble, and is tried again', async () => {
  const { clock, keeper, started, last } = await running()
  keeper.renewSoon('one')
  clock.pass(1_000)
  last().heard({ kind: 'failed', message: 'No space left on device' })
  expect(keeper.trouble).toBe('No space left on device')
  expect(started[0]?.isEnded).toBe(false)
  clock.pass(1_000)
  last().heard({ kind: 'ready' })
  expect(started).toHaveLength(3)
  expect(started[0]?.isEnded).toBe(true)
  expect(keeper.trouble).toBeNull()
})

test('stopping ends all and starts nothing any more', async () => {
  const { clock, keeper, started } = await running()
  keeper.renewSoon('one')
  clock.pass(1_000)
  const waiting = keeper.renew('two')
  keeper.stop()
  await waiting
  expect(started.every(({ isEnded }) => isEnded)).toBe(true)
  clock.pass(3_600_000)
  expect(started).toHaveLength(2)
})
