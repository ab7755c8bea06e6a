/**
 * Weeks of a workspace: people, agents, programs that write to themselves, failures, crashes, clock jumps. A failing
 * seed is named with its history; `SEED=<n> npx vitest run --config test/vitest.config.ts test/simulation/workspace`
 * plays that one again. `SEEDS=<count>` and `DAYS=<days>` play more; `npm run simulate` plays a year and says what it took.
 */
import { expect, test } from 'vitest'
import type { LayerName } from '../../src/types.ts'
import { calm, second } from '../support/schedule-run.ts'
import { violations } from './invariants.ts'
import type { Settings } from './simulate.ts'
import { simulate } from './simulate.ts'

const days = Number(process.env['DAYS'] ?? 7)
const only = process.env['SEED']
const count = Number(process.env['SEEDS'] ?? 8)
const seeds = only === undefined ? Array.from({ length: count }, (_, n) => n + 1) : [Number(only)]
/** A day takes half a second on an idle core. */
const patience = { timeout: Math.max(120_000, days * 5_000) }

test.each(seeds)('a week of seed %i keeps every promise', patience, (seed) => {
  const replay = `SEED=${seed} DAYS=${days} npx vitest run --config test/vitest.config.ts test/simulation/workspace`
  const history = simulate({ seed, days })
  expect(violations(history), replay).toEqual([])
  expect(history.edits.length, replay).toBeGreaterThan(100 * days)
  expect(history.crashes, replay).toBeGreaterThan(0)
})

test('the same seed gives the same history, another seed another', patience, () => {
  const [once, again, other] = [11, 11, 12].map((seed) => simulate({ seed, days: 1 }).hash)
  expect(again).toBe(once)
  expect(other).not.toBe(once)
})

/** What each layer alone keeps out, by the check that notices. */
const layers: readonly (readonly [LayerName, string])[] = [
  ['scope', 'nothingOutOfScope'],
  ['rules', 'noNoise'],
  ['process', 'noNoise'],
  ['content', 'noNoise'],
  ['breaker', 'noLoop'],
  ['guard', 'nothingGuarded'],
]

test.each(layers)('without the layer %s a promise is broken (%s)', patience, (without, check) => {
  expect(isBroken(check, { without })).toBe(true)
})

const unlimited = { ...calm.limits, commitsPerHour: 100_000, commitsPerDay: 100_000 }

const parts: readonly (readonly [string, Partial<Settings>, string])[] = [
  ['the budgets', { schedule: { limits: unlimited } }, 'noCeilingExceeded'],
  ['the longest wait', { schedule: { maxWaitMs: 1e12, takeAlongQuietMs: 1e12 } }, 'editsArriveInTime'],
  ['comparing the tree', { blind: true }, 'everyEditArrives'],
  ['pushing again', { schedule: { retry: { delaysMs: [1e12], maxMs: 1e12 }, probe: never() } }, 'everyEditArrives'],
]

test.each(parts)('without %s a promise is broken', patience, (_name, settings, check) => {
  expect(isBroken(check, settings)).toBe(true)
})

function never(): { minMs: number; maxMs: number } {
  return { minMs: 1e12, maxMs: 1e12 + second }
}

/** In one of two histories at least. */
function isBroken(check: string, settings: Partial<Settings>): boolean {
  return [1, 2].some((seed) =>
    violations(simulate({ days: 3, ...settings, seed })).some((text) => text.startsWith(`${check}:`)),
  )
}
