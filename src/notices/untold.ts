import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isOfPlace, placeOf } from '../place.ts'
import { processes, wholeFile, type ProcessIdentity } from '../platform/platform.ts'
import type { Trouble } from './troubles.ts'

type Told = Pick<Trouble, 'key' | 'kind' | 'text'>

interface Untold extends ProcessIdentity {
  readonly place: string | null
  readonly troubles: readonly Told[]
}

/**
 * `notices.json`: what no terminal has shown yet. The daemon writes it, the next command of any kind takes it away: so
 * it is shown once, and to look for it costs every command one failed `open`.
 */
function write(stateDir: string, daemon: ProcessIdentity, troubles: readonly Told[]): void {
  if (troubles.length === 0) return rmSync(pathIn(stateDir), { force: true })
  const told = troubles.map(({ key, kind, text }) => ({ key, kind, text }))
  const untold: Untold = { pid: daemon.pid, startTick: daemon.startTick, place: placeOf(stateDir), troubles: told }
  wholeFile.write(pathIn(stateDir), `${JSON.stringify(untold)}\n`, false)
}

/** @returns null: nothing is untold. */
function read(stateDir: string): Untold | null {
  try {
    const text = wholeFile.read(pathIn(stateDir))
    // Written whole, by this very program for this very folder; what is anything else is nothing.
    const value: unknown = text === null ? null : JSON.parse(text)
    const isOurs = typeof value === 'object' && value !== null && 'troubles' in value && Array.isArray(value.troubles)
    return isOurs && isOfPlace(value, stateDir) ? (value as Untold) : null
  } catch {
    return null
  }
}

/** What to show now; it is never given again. Empty too when the daemon that wrote it is gone: it may be over. */
function take(stateDir: string): readonly Told[] {
  const untold = read(stateDir)
  if (untold === null || processes.identity(untold.pid)?.startTick !== untold.startTick) return []
  try {
    rmSync(pathIn(stateDir))
    return untold.troubles
  } catch {
    // Another command was quicker, or this one may not write here: then it would be shown again and again.
    return []
  }
}

function pathIn(stateDir: string): string {
  return join(stateDir, 'notices.json')
}

export const untold = { read, write, take } as const
