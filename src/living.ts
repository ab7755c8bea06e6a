/** Whether a process lives, and which one it is: apart from all else about processes, for `status` asks no more. */
import { existsSync, readFileSync } from 'node:fs'
import { errnoOf } from './errors.ts'

export interface ProcessIdentity {
  readonly pid: number
  /** Start time in clock ticks since boot: with the pid it names one process for ever. */
  readonly startTick: number
}

const hasProc = existsSync('/proc/self/stat')

/**
 * The identity of a live process; null when there is none, or it is a zombie, or `/proc` does not say. Where there is
 * no `/proc` the start tick is 0, and a reused pid cannot be told from the one before.
 */
export function processIdentity(pid: number): ProcessIdentity | null {
  if (!hasProc) return isAlive(pid) ? { pid, startTick: 0 } : null
  const stat = processStat(pid)
  return stat === null || stat.state === 'Z' ? null : { pid, startTick: stat.startTick }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's, but there.
    return errnoOf(error) === 'EPERM'
  }
}

export interface ProcessStat {
  readonly pid: number
  /** Start time in clock ticks since boot: with the pid it names one process for ever. */
  readonly startTick: number
  /** One letter; `Z` is a zombie. */
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Device number of the controlling terminal; 0: none. */
  readonly terminal: number
  /** Process group in the foreground of that terminal. */
  readonly foreground: number
  /** It is a thread of a process that has another pid. */
  readonly isThread: boolean
}

/** One line of `/proc/PID/stat`. The command name may hold spaces and parentheses: fields count from the last ')'. */
export function parseStat(text: string): ProcessStat | null {
  const pid = Number.parseInt(text, 10)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent, group, session, terminal, foreground] = fields.slice(1, 6).map(Number)
  const startTick = Number(fields[19])
  const numbers = [pid, parent, group, session, terminal, foreground, startTick]
  if (!numbers.every(Number.isSafeInteger) || fields[0] === undefined) return null
  return {
    pid,
    startTick,
    state: fields[0],
    parent: parent ?? 0,
    group: group ?? 0,
    session: session ?? 0,
    terminal: terminal ?? 0,
    foreground: foreground ?? 0,
    // Only a thread sends nobody a signal when it ends.
    isThread: fields[35] === '-1' && fields[0] !== 'Z',
  }
}

/** null: there is no such process, or no `/proc`. */
export function processStat(pid: number): ProcessStat | null {
  const path = `/proc/${pid}/stat`
  // A look costs a third of a failed read.
  if (!existsSync(path)) return null
  try {
    return parseStat(readFileSync(path, 'latin1'))
  } catch {
    return null
  }
}
