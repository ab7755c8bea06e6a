import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { errnoOf, SyncError } from '../errors.ts'
import { isSamePlace, placeOf } from '../place.ts'
import { lookAt, systemRandom, wholeFile } from '../platform/platform.ts'
import { shellWord } from '../shell.ts'
import { claimLock, type DaemonLock } from './lock.ts'
import { withWord, type Word } from './acknowledged.ts'
import { savedPlace } from './saved-place.ts'
import { freshState, isNewer, parseState, type State } from './state-schema.ts'

export interface StateStore {
  readonly value: State
  /** Writes at once, so that it survives a power cut (about 2 ms). @throws the system's error. */
  update(change: Partial<State>): void
  /** What became of a file that could not be used; null when all was well. Told once. */
  takeNews(): string | null
}

/**
 * @throws SyncError `configuration` when a newer version of this program wrote the file: what was agreed to and
 * acknowledged there is not for an older one to forget; `system` when this user may not read it; the system's error
 * when the directory cannot be used.
 */
export function openState(stateDir: string, freshCloneId: () => string, nowMs: number): StateStore {
  const path = join(stateDir, 'state.json')
  const text = readText(path)
  const read = text === null ? null : parseState(text)
  if (text !== null && read === null && isNewer(text)) {
    const move = `mv ${shellWord(path)} ${shellWord(`${path}.newer`)}`
    const hint = `use that version again, or begin anew without what was agreed to: ${move}`
    throw new SyncError('configuration', `${path} was written by a newer version of this program`, hint)
  }
  let news: string | null = null
  const moveAside = (aside: string, fault: string): void => {
    renameSync(path, aside)
    news = `state.json ${fault}; it is kept as ${aside} and a new one begun`
  }
  if (text !== null && read === null) moveAside(`${path}.damaged-${nowMs}`, 'was damaged')
  let value = read ?? freshState(freshCloneId())
  let left = fingerprintOf(path)
  const home = placeOf(stateDir)
  return {
    get value() {
      return value
    },
    update(change) {
      const found = fingerprintOf(path)
      // Somebody took the directory away under us: it is another one now, and not a copy.
      const moved = left !== null && found === null && value.place !== null ? { place: savedPlace(stateDir) } : {}
      const next = { ...value, ...moved, ...change }
      // Another clone's memory, in a folder that took the place of this one.
      if (found !== null && left !== found && isElsewhere(home, stateDir)) {
        value = next
        return
      }
      if (left !== found && isNewerAt(path)) {
        moveAside(`${path}.newer`, 'was replaced by one of a newer version of this program')
      }
      wholeFile.write(path, `${JSON.stringify(next)}\n`, true)
      left = fingerprintOf(path)
      value = next
    },
    takeNews() {
      const told = news
      news = null
      return told
    },
  }
}

function isElsewhere(home: string | null, stateDir: string): boolean {
  const now = placeOf(stateDir)
  return home !== null && now !== null && !isSamePlace(home, now)
}

function fingerprintOf(path: string): string | null {
  return lookAt(path)?.fingerprint ?? null
}

/** For commands, while no daemon runs: what is written counts from the next start on. */
export const stateAtRest = {
  read: readState,
  /** It cannot be read because a newer version of this program wrote it. */
  isNewer: (stateDir: string): boolean => isNewerAt(join(stateDir, 'state.json')),
  /** @throws the system's error. */
  write(stateDir: string, nowMs: number, change: Partial<State>): void {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    openState(stateDir, () => systemRandom.hex(8), nowMs).update(change)
  },
  /** Keeps daemons away until it is released; null: one runs. @throws the system's error. */
  claim(stateDir: string, nowMs: number): DaemonLock | null {
    const result = claimLock(stateDir, nowMs)
    return result.kind === 'ours' ? result.lock : null
  },
  /** What `ack` says. @throws the system's error. */
  say(stateDir: string, nowMs: number, word: Word): void {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const state = openState(stateDir, () => systemRandom.hex(8), nowMs)
    state.update(withWord(state.value, word))
  },
} as const

/** For a daemon that writes nothing: starts from what `state.json` says and forgets what it learns. */
export function openStateReadOnly(stateDir: string): StateStore {
  let value = readState(stateDir) ?? freshState('0'.repeat(16))
  return {
    get value() {
      return value
    },
    update: (change) => void (value = { ...value, ...change }),
    takeNews: () => null,
  }
}

/** The state as it stands, for commands that only look; null when there is none or it cannot be read. */
export function readState(stateDir: string): State | null {
  const text = readText(join(stateDir, 'state.json'))
  return text === null ? null : parseState(text)
}

/** @throws SyncError `system` when this user may not read it: what was agreed to is not to be forgotten. */
function readText(path: string): string | null {
  try {
    return wholeFile.read(path)
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error
    const hint = `make it yours: sudo chown "$(id -un)" ${shellWord(path)} && chmod u+rw ${shellWord(path)}`
    throw new SyncError('system', `${path} may not be read by this user`, hint, error)
  }
}

function isNewerAt(path: string): boolean {
  try {
    return isNewer(wholeFile.read(path) ?? '')
  } catch {
    // Not to be read: by nobody's version.
    return false
  }
}
