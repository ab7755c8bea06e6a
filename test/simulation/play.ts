/**
 * `npm run simulate -- --days 365 --seed 1`: plays as long as wanted, and says what it took and whether every promise
 * was kept. Ends with 1 when one was not.
 */
import { parseArgs } from 'node:util'
import { violations } from './invariants.ts'
import { simulate } from './simulate.ts'

const { values } = parseArgs({
  options: { days: { type: 'string', default: '365' }, seed: { type: 'string', default: '1' } },
})
const [days, seed] = [Number(values.days), Number(values.seed)]
if (!Number.isInteger(days) || days < 1 || !Number.isInteger(seed)) {
  process.stderr.write('days is a whole number from 1, seed a whole number\n')
  process.exit(2)
}

const startMs = performance.now()
const history = simulate({ seed, days })
const playedMs = performance.now() - startMs
const broken = violations(history)
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`
const megabytes = Math.round(process.resourceUsage().maxRSS / 1_024)
const rows: readonly (readonly [string, string | number])[] = [
  ['days, seed', `${days}, ${seed}`],
  ['played in', seconds(playedMs)],
  ['checked in', seconds(performance.now() - startMs - playedMs)],
  ['memory, at most', `${megabytes} MB`],
  ['writes', history.writes],
  ['edits of people', history.edits.length],
  ['commits', history.world.commits.length],
  ['crashes', history.crashes],
  ['events that never came', history.lost],
  ['promises broken', broken.length],
]
for (const [name, value] of rows) process.stdout.write(`${name.padEnd(24)} ${value}\n`)
for (const text of broken) process.stdout.write(`  ${text}\n`)
process.exitCode = broken.length === 0 ? 0 : 1
