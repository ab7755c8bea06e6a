import type { WrittenCounter } from '../platform/platform.ts'

/** Readings kept of one process: at 10 ms each the last 5 s; older ones are thinned to the newest before that. */
const readingsMax = 600
const keptMs = 5_000

interface Reading {
  readonly atMs: number
  readonly bytes: number
}

/** One process, and what it had written at which instant. */
export interface Account {
  readonly pid: number
  readonly startTick: number
  readonly bornAtMs: number
  readonly parent: number
  /** Device number of its controlling terminal; 0: none. */
  readonly terminal: number
  readonly session: number
  /** Id of the tree it belongs to; null: a stranger. */
  tree: string | null
  /** Open while it is read at every sample. */
  counter: WrittenCounter | null
  readonly readings: Reading[]
  /** What it had written when it was last seen to move. */
  movedAtMs: number
  /** When it was last asked which program it runs; a young process may still become another one. */
  namedAtMs: number
  /** Not ours to look at. */
  hidden: boolean
  /** When it was found to be gone; null: alive. */
  goneAtMs: number | null
}

export function createAccount(
  stat: {
    readonly pid: number
    readonly startTick: number
    readonly parent: number
    readonly terminal: number
    readonly session: number
  },
  bornAtMs: number,
): Account {
  const { pid, startTick, parent, terminal, session } = stat
  const nothing = { tree: null, counter: null, hidden: false, goneAtMs: null }
  return {
    pid,
    startTick,
    parent,
    terminal,
    session,
    bornAtMs,
    ...nothing,
    readings: [],
    movedAtMs: -Infinity,
    namedAtMs: -Infinity,
  }
}

export function noteReading(account: Account, bytes: number, atMs: number): void {
  const { readings } = account
  const last = readings.at(-1)
  if (last !== undefined && last.bytes !== bytes) account.movedAtMs = atMs
  readings.push({ atMs, bytes })
  while (readings.length > readingsMax || isOld(readings[1], atMs)) readings.shift()
}

/** The oldest reading stays as long as it is the only one from before the time that is kept. */
function isOld(second: Reading | undefined, nowMs: number): boolean {
  return second !== undefined && second.atMs < nowMs - keptMs
}

/**
 * What it has written between two instants, and at most a reading more on both sides.
 * @returns null: it was there, but nobody looked before `fromMs`; all that it ever wrote may be of then.
 */
export function movement({ readings, bornAtMs }: Account, fromMs: number, toMs: number): number | null {
  const end = readings.find(({ atMs }) => atMs >= toMs) ?? readings.at(-1)
  if (end === undefined) return null
  const before = readings.findLast(({ atMs }) => atMs <= fromMs)
  if (before !== undefined) return end.bytes - before.bytes
  return bornAtMs >= fromMs - youngMs ? end.bytes : null
}

/** When it was read before and after: `movement` says what it wrote between these two. Infinity: it was not. */
export function readingsAround({ readings }: Account, fromMs: number, toMs: number): { fromMs: number; toMs: number } {
  const before = readings.findLast(({ atMs }) => atMs <= fromMs) ?? readings[0]
  const end = readings.find(({ atMs }) => atMs >= toMs) ?? readings.at(-1)
  return { fromMs: before?.atMs ?? Infinity, toMs: end?.atMs ?? -Infinity }
}

/** Who is younger than this before a write was not met before it, and has hardly written anything else. */
const youngMs = 300

/**
 * What several processes have written together. A reaped child's bytes are in its parent's account from then on: what
 * it had before is taken off. @returns null: not known of one of them.
 */
export function treeBytes(members: Iterable<Account>, fromMs: number, toMs: number): number | null {
  let bytes = 0
  for (const account of members) {
    if (account.goneAtMs === null || account.goneAtMs > toMs) {
      const moved = movement(account, fromMs, toMs)
      if (moved === null) return null
      bytes += moved
    } else if (account.goneAtMs > fromMs) {
      bytes -= account.readings.findLast((reading) => reading.atMs <= fromMs)?.bytes ?? 0
    }
  }
  return bytes
}
