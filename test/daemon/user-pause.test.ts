import { beforeEach, expect, test } from 'vitest'
import type { StateStore } from '../../src/daemon/state-file.ts'
import type { State } from '../../src/daemon/state-schema.ts'
import { createUserPause, type UserPause } from '../../src/daemon/user-pause.ts'
import type { Clock } from '../../src/platform/platform.ts'

const minute = 60_000
const hour = 60 * minute

/** Wall clock and the one that never jumps, moved by hand. */
let nowMs: number
let monotonicMs: number
let saved: State['pause']
let isDiskFull: boolean

const clock: Clock = { nowMs: () => nowMs, monotonicMs: () => monotonicMs, sleptMs: () => 0, after: () => () => {} }

function pass(ms: number): void {
  nowMs += ms
  monotonicMs += ms
}

/** A daemon's view of what `state.json` holds; starting it again is calling this again. */
function start(): UserPause {
  const state = {
    get value() {
      return { pause: saved } as State
    },
    update(change: Partial<State>) {
      if (isDiskFull) throw Object.assign(new Error('no space left'), { code: 'ENOSPC' })
      if (change.pause !== undefined) saved = change.pause
    },
    takeNews: () => null,
  } satisfies StateStore
  monotonicMs = 0
  return createUserPause(state, clock)
}

beforeEach(() => {
  nowMs = Date.parse('2026-03-01T12:00:00Z')
  monotonicMs = 0
  saved = null
  isDiskFull = false
})

test('a pause without a time lasts until resume, and says who, since when and how to end it', () => {
  const pause = start()
  expect(pause.current()).toBeNull()
  pause.set('mina', null)
  pass(1_000 * hour)
  expect(pause.current()).toMatchObject({ name: 'by-hand', stops: 'commit' })
  expect(pause.current()?.detail).toMatch(/^paused by mina at 2026-0\d-\d\d \d\d:\d\d; workspace-sync resume ends it$/)
  expect([pause.end(), pause.current(), pause.end()]).toEqual([true, null, false])
})

test('a pause with a time ends by itself, to the minute, and is forgotten', () => {
  const pause = start()
  pause.set('mina', 30 * minute)
  expect(pause.untilMs()).toBe(nowMs + 30 * minute)
  expect(pause.current()?.detail).toMatch(/, until 2026-0\d-\d\d \d\d:\d\d; /)
  pass(30 * minute - 1)
  expect(pause.current()).not.toBeNull()
  pass(1)
  expect([pause.current(), saved, pause.end()]).toEqual([null, null, false])
})

test('paused again: the new time counts, longer or shorter or none', () => {
  const pause = start()
  pause.set('mina', hour)
  pause.set('mina', minute)
  pass(2 * minute)
  expect(pause.current()).toBeNull()
  pause.set('mina', minute)
  pause.set('mina', null)
  pass(2 * hour)
  expect(pause.current()).not.toBeNull()
})

test('it survives a restart, and its time goes on while no daemon runs', () => {
  start().set('mina', 30 * minute)
  pass(10 * minute)
  const again = start()
  expect(again.current()).not.toBeNull()
  pass(20 * minute)
  expect(again.current()).toBeNull()
  again.set('mina', 30 * minute)
  pass(31 * minute)
  expect(start().current()).toBeNull()
})

test.each([-3 * hour, 3 * hour, 400 * 24 * hour])('a clock that jumps by %i ms does not change when it ends', (by) => {
  const pause = start()
  pause.set('mina', 30 * minute)
  const untilMs = pause.untilMs() ?? 0
  nowMs += by
  // Asked before the jump was noticed, and after.
  expect(pause.current()).not.toBeNull()
  pause.shift(by)
  expect(pause.untilMs()).toBe(untilMs + by)
  pass(29 * minute)
  expect(pause.current()).not.toBeNull()
  expect(start().current()).not.toBeNull()
  pass(minute)
  expect(start().current()).toBeNull()
})

test('a clock set back while no daemon ran makes no pause longer than it was meant to be', () => {
  start().set('mina', 30 * minute)
  nowMs -= 10 * 24 * hour
  const again = start()
  pass(30 * minute)
  expect(again.current()).toBeNull()
})

test('a pause that cannot be written is refused; an end that cannot be written is one all the same', () => {
  const pause = start()
  isDiskFull = true
  expect(() => pause.set('mina', null)).toThrow('no space')
  expect(pause.current()).toBeNull()
  isDiskFull = false
  pause.set('mina', minute)
  isDiskFull = true
  pass(minute)
  expect([pause.current(), pause.current()]).toEqual([null, null])
})
