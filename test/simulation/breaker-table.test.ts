import { expect, test } from 'vitest'
import { playSignals } from './breaker-signals.ts'
import { playDeployed } from './breaker-deployed.ts'
import { writers } from './writers.ts'
import type { DeployedOutcome } from './breaker-deployed.ts'
import type { WriterModel } from './writers.ts'

/** Set to see the tables also when all is well. */
const isShown = process.env['BREAKER_TABLE'] !== undefined
const hourMs = 3_600_000
/** Takes 4 s on an idle core. */
const playTimeoutMs = 60_000

/** Flagged shares in percent, from and to. */
type Share = readonly [number, number]
const none: Share = [0, 2.5]
const all: Share = [97.5, 100]

/** What an independent simulation of the same writers gave: feedback, run of 30 min, run of 2 h. */
function studied(name: string): readonly [Share, Share | null, Share | null] {
  if (name === 'reacts 0.1-5 s') return [all, [5, 35], none]
  if (name === 'reacts 0.1-5 s to half of the commits') return [[70, 97.5], null, null]
  if (name === 'reacts 5-20 s') return [none, null, null]
  if (name.startsWith('periodic 60 s')) return [[15, 75], all, all]
  if (name.startsWith('periodic') || name.startsWith('cron')) return [none, all, all]
  if (name === 'human every 10 s for an hour, sd 0.3 s') return [none, all, none]
  return [none, none, none]
}

function share<T>(outcomes: readonly T[], isFlagged: (outcome: T) => boolean): number {
  return (100 * outcomes.filter(isFlagged).length) / outcomes.length
}

function median(values: readonly (number | null)[]): number {
  const sorted = values.filter((value) => value !== null).toSorted((a, b) => a - b)
  return sorted[sorted.length >> 1] ?? Number.NaN
}

function show(rows: readonly string[], faults: readonly string[]): void {
  if (isShown || faults.length > 0) console.log(rows.join('\n'))
}

test(
  'the signals alone flag the writers that their parameters were chosen to flag',
  () => {
    const rows = ['flagged % / median commits or minutes until then: feedback, run 30 min, run 2 h']
    const faults: string[] = []
    for (const model of writers) {
      const outcomes = Array.from({ length: 40 }, (_, seed) => playSignals(model, seed, 6 * hourMs))
      const columns = [
        outcomes.map((outcome) => outcome.provenCommits),
        outcomes.map((outcome) => outcome.paceMinutes),
        outcomes.map((outcome) => outcome.stopMinutes),
      ]
      const shares = columns.map((column) => share(column, (value) => value !== null))
      const cells = columns.map((column, index) => `${shares[index]} / ${median(column).toFixed(0)}`.padEnd(12))
      rows.push(`${model.name.padEnd(48)}${cells.join('')}`)
      for (const [index, expected] of studied(model.name).entries()) {
        const found = shares[index] ?? Number.NaN
        if (expected === null || (found >= expected[0] && found <= expected[1])) continue
        faults.push(`${model.name}, column ${index + 1}: ${found} %, expected ${expected.join(' to ')} %`)
      }
    }
    show(rows, faults)
    expect(faults).toEqual([])
  },
  playTimeoutMs,
)

test('writers that answer fast are found after four or five commits', () => {
  const [answering] = writers
  const commits = Array.from({ length: 40 }, (_, seed) => playSignals(answering as WriterModel, seed, 6 * hourMs))
  expect(median(commits.map((outcome) => outcome.provenCommits))).toBe(4)
})

/** Twelve cooldowns of 300 s, and the two commits before the third makes the pattern slow. */
const busiestHourMax = 14

function faultsOf(model: WriterModel, outcomes: readonly DeployedOutcome[]): readonly string[] {
  const faults: string[] = []
  const flagged = share(outcomes, (outcome) => outcome.signal !== null)
  const latestHours = Math.max(0, ...outcomes.map((outcome) => outcome.hours ?? 0))
  const check = (isFine: boolean, what: string): void => {
    if (!isFine) faults.push(`${model.name}: ${what}`)
  }
  check(
    Math.max(...outcomes.map((outcome) => outcome.commitsInBusiestHour)) <= busiestHourMax,
    'too many commits an hour',
  )
  // The cooldown, the longest delay and the lag; half an hour when regular. Nothing is kept back for good.
  check(Math.max(...outcomes.map((outcome) => outcome.longestWaitMinutes)) <= 31, 'a change waited too long')
  if (model.who === 'person') check(flagged === 0, `${flagged} % in quarantine`)
  if (model.name === 'reacts 0.1-5 s') check(flagged === 100 && latestHours <= 1, 'not stopped within the hour')
  if (model.name.startsWith('reacts 0.1-5 s to half')) check(flagged === 100, `only ${flagged} % stopped in a day`)
  if (/^(?:periodic|cron)/.test(model.name)) {
    check(flagged === 100 && latestHours <= 2.5, 'not stopped within two hours and a half')
    check(Math.max(...outcomes.map((outcome) => outcome.commits)) <= 16, 'too many commits until stopped')
  }
  return faults
}

test(
  'the whole breaker stops machines within hours and keeps everything of people coming, over a day',
  () => {
    const rows = ['quarantined % / median hours / latest; most commits in all and in an hour; longest wait, minutes']
    const faults: string[] = []
    for (const model of writers) {
      const outcomes = Array.from({ length: 10 }, (_, seed) => playDeployed(model, seed, 24 * hourMs))
      const most = (of: (outcome: DeployedOutcome) => number): number => Math.max(...outcomes.map(of))
      const hours = outcomes.map((outcome) => outcome.hours)
      const cells = [
        `${share(outcomes, (outcome) => outcome.signal !== null)}`,
        median(hours).toFixed(1),
        most((outcome) => outcome.hours ?? 0).toFixed(1),
        `${most((outcome) => outcome.commits)}`,
        `${most((outcome) => outcome.commitsInBusiestHour)}`,
        most((outcome) => outcome.longestWaitMinutes).toFixed(1),
      ]
      rows.push(`${model.name.padEnd(48)}${cells.map((cell) => cell.padEnd(8)).join('')}`)
      faults.push(...faultsOf(model, outcomes))
    }
    show(rows, faults)
    expect(faults).toEqual([])
  },
  playTimeoutMs,
)
