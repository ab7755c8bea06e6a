import type { PathBytes } from '../../src/types.ts'
import { pathBytes } from '../../src/types.ts'
import { valueOf } from './contents.ts'
import type { Edit } from './edits.ts'
import type { History } from './simulate.ts'
import type { Commit, Version } from './world.ts'

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

/** Paths that nobody means, under the pattern by which their commits are counted. */
const machines = ['meta/', 'telemetry/', 'ckpt/']
/** Stopped for good once found out: the one answers commits, the other ticks. */
const stoppable = ['meta/', 'telemetry/']
const blocked = ['.claude/', 'logs/', 'run.log']
const guarded = ['deploy/', 'film/']
const stamps = ['state/app.json', 'state/beat.json']

/**
 * What must hold of every history, each counted here anew from what git and the remote saw: nothing of the schedule's
 * or breaker's own books is believed.
 */
export function violations(history: History): string[] {
  const checks = [
    everyEditArrives,
    editsArriveInTime,
    noLoop,
    noCeilingExceeded,
    noNoise,
    nothingGuarded,
    nothingOutOfScope,
    pendingIsBounded,
    flushesAreAnswered,
  ]
  return checks.flatMap((check) => check(history).map((problem) => `${check.name}: ${problem}`))
}

function everyEditArrives({ world, edits }: History): string[] {
  const lost = new Set<PathBytes>()
  for (const { path } of edits) if (!sameMeaning(path, world.work.get(path), world.remote.get(path))) lost.add(path)
  return [...lost].map((path) => `${path} differs on the remote`)
}

/** Of a stamped file only the value is anybody's. */
function sameMeaning(path: PathBytes, here: Version | undefined, there: Version | undefined): boolean {
  if (here?.oid === there?.oid) return true
  if (here === undefined || there === undefined || !stamps.includes(path)) return false
  return valueOf(text(here)) === valueOf(text(there))
}

/**
 * A path that never rests waits five minutes; the budget lets one commit go every two or five minutes, and three groups
 * may want one; then a commit and a push.
 */
const longestMs = 5 * minuteMs + 3 * 5 * minuteMs + minuteMs
const usualMs = 5 * minuteMs

function editsArriveInTime(history: History): string[] {
  const undisturbed = history.edits.filter((edit) => edit.sure && !isDisturbed(history, edit))
  const waits = undisturbed.map((edit) => (edit.doneAtMs ?? history.endMs) - edit.atMs).toSorted((a, b) => a - b)
  const median = waits[waits.length >> 1] ?? 0
  const late = undisturbed.filter((edit) => (edit.doneAtMs ?? history.endMs) - edit.atMs > longestMs)
  return [
    ...late.slice(0, 3).map(({ path, atMs }) => `${path} of ${hours(atMs)} came late`),
    ...(median > usualMs ? [`half of them took more than ${median} ms`] : []),
    ...(undisturbed.length < history.edits.length / 20 ? ['hardly an edit was undisturbed'] : []),
  ]
}

/** A deletion in the company of very many is held with them until they are settled. */
function isDisturbed({ disturbed }: History, { serial, atMs }: Edit): boolean {
  if (serial === 0) return true
  return disturbed.some(({ fromMs, toMs }) => fromMs < atMs + longestMs && toMs > atMs)
}

/**
 * After three automatic commits within ten minutes the fourth waits for the cooldown, unless somebody was taken to have
 * written the pattern in between. What answers commits, or ticks, is stopped.
 */
function noLoop(history: History): string[] {
  const found: string[] = []
  for (const machine of machines) {
    const times = automatic(history, machine)
    for (const [n, fourthMs] of times.entries()) {
      const [firstMs, , thirdMs] = times.slice(n - 3, n)
      if (n < 3 || firstMs === undefined || thirdMs === undefined || thirdMs - firstMs > 10 * minuteMs) continue
      if (history.pardonsMs.some((atMs) => atMs > firstMs - hourMs && atMs < fourthMs)) continue
      if (fourthMs - thirdMs < 299 * secondMs) found.push(`${machine} four times from ${hours(firstMs)}`)
    }
  }
  for (const machine of stoppable) {
    const times = automatic(history, machine)
    const most = 15 * (1 + history.disturbed.length)
    const sinceMs = history.quietFromMs - dayMs
    if (times.length > Math.min(most, 150)) found.push(`${machine} committed ${times.length} times`)
    if (times.some((atMs) => atMs > sinceMs)) found.push(`${machine} was never stopped`)
  }
  return found.slice(0, 5)
}

function automatic({ world }: History, start: string): number[] {
  const mine = world.commits.filter(({ trigger, entries }) => trigger === 'automatic' && hasUnder(entries, start))
  return mine.map(({ atMs }) => atMs)
}

/** Ten at once and one every two minutes; fifty a day and one every five minutes. */
function noCeilingExceeded({ world }: History): string[] {
  const times = world.commits.filter(({ trigger }) => trigger === 'automatic').map(({ atMs }) => atMs)
  const inHour = mostWithin(times, hourMs)
  const inDay = mostWithin(times, dayMs)
  return [
    ...(inHour > 10 + 30 ? [`${inHour} automatic commits in an hour`] : []),
    ...(inDay > 50 + 288 ? [`${inDay} automatic commits in a day`] : []),
  ]
}

function mostWithin(times: readonly number[], windowMs: number): number {
  let most = 0
  for (let start = 0, end = 0; end < times.length; end++) {
    while ((times[end] ?? 0) - (times[start] ?? 0) >= windowMs) start++
    most = Math.max(most, end - start + 1)
  }
  return most
}

/** Neither what a rule blocks, nor a log, nor a stamp alone; and what was seen to be a machine's only where unseen. */
function noNoise(history: History): string[] {
  const { commits } = history.world
  const own = commits.filter(({ trigger }) => trigger !== 'by hand')
  const found = commits.flatMap(({ entries }) =>
    [...entries.keys()].filter((path) => blocked.some((start) => path.startsWith(start))),
  )
  const alone = own.flatMap((commit) => stamps.filter((name) => onlyStamped(commit, pathBytes(name))))
  const seen = commits.filter(({ entries }) => hasUnder(entries, 'pool/')).length
  return [
    ...new Set([...found, ...alone].map((path) => `${path} was committed`)),
    ...(seen > history.crashes + history.lost ? [`pool/ was committed ${seen} times`] : []),
  ]
}

function onlyStamped({ entries, replaced }: Commit, path: PathBytes): boolean {
  const [now, before] = [entries.get(path), replaced.get(path)]
  return now != null && before != null && valueOf(text(now)) === valueOf(text(before))
}

/** No secret, nothing large, nothing half written, no mass deletion, nothing that somebody staged. */
function nothingGuarded({ world }: History): string[] {
  return world.commits
    .flatMap(({ trigger, entries }) => {
      if (trigger === 'by hand') return []
      const deleted = [...entries.values()].filter((version) => version === null).length
      const wrong = [...entries].filter(([path, version]) => isGuarded(path) || version?.partial === true)
      return [
        ...wrong.map(([path]) => `${path} was committed`),
        ...(deleted > 50 ? [`${deleted} deletions in one commit`] : []),
      ]
    })
    .slice(0, 5)
}

function isGuarded(path: PathBytes): boolean {
  return guarded.some((start) => path.startsWith(start))
}

function nothingOutOfScope({ world }: History): string[] {
  const count = world.commits.filter(({ entries }) => hasUnder(entries, 'out/')).length
  return count > 0 ? [`ignored files in ${count} commits`] : []
}

function pendingIsBounded({ pendingMost, paths }: History): string[] {
  return pendingMost > paths ? [`${pendingMost} pending of ${paths} paths ever written`] : []
}

function flushesAreAnswered({ flushes, endMs }: History): string[] {
  const slow = [...flushes.values()].filter(
    ({ askedAtMs, answeredAtMs }) => (answeredAtMs ?? endMs) - askedAtMs > 16 * minuteMs,
  )
  return slow.map(({ askedAtMs }) => `sync of ${hours(askedAtMs)} had no answer`)
}

function hasUnder(entries: Commit['entries'], start: string): boolean {
  for (const path of entries.keys()) if (path.startsWith(start)) return true
  return false
}

function text(version: Version): string {
  return Buffer.from(version.bytes).toString()
}

function hours(atMs: number): string {
  return `hour ${(atMs / hourMs).toFixed(2)}`
}
