import { linkSync, rmSync, statSync, unlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { assert, errnoOf } from '../errors.ts'
import { isOfPlace, placeOf } from '../place.ts'
import { processes, wholeFile, type ProcessIdentity } from '../platform/platform.ts'

/** Taking over a dead daemon's lock takes microseconds; a lock on doing so that is older belongs to nobody. */
const takeOverMs = 10_000

export interface DaemonLock {
  /** Nobody else has taken it over or removed it. */
  isOurs(): boolean
  /** Ours, or taken again because somebody removed or spoiled it and no living daemon has it. */
  hold(nowMs: number): boolean
  release(): void
}

export type LockResult =
  { readonly kind: 'ours'; readonly lock: DaemonLock } | { readonly kind: 'theirs'; readonly owner: ProcessIdentity }

/**
 * One daemon per workspace. The lock names pid and start tick, so the lock of a dead process, also one whose pid is in
 * use again, is taken over; the lock of a living one never. It names its directory too: what was copied along with a
 * folder is the lock of the folder that was copied.
 * @throws the system's error when the directory cannot be written.
 */
export function takeLock(stateDir: string, us: ProcessIdentity, nowMs: number): LockResult {
  const path = join(stateDir, 'daemon.lock')
  if (linkWhole(path, textOf(us, stateDir))) return { kind: 'ours', lock: lockAt(stateDir, path, us) }
  const owner = livingOwner(path)
  if (owner !== null) return { kind: 'theirs', owner }
  takeOver(path, us, nowMs)
  const after = livingOwner(path)
  if (after !== null && isSame(after, us)) return { kind: 'ours', lock: lockAt(stateDir, path, us) }
  return { kind: 'theirs', owner: after ?? us }
}

/** The lock for the process that asks. @throws as `takeLock`. */
export function claimLock(stateDir: string, nowMs: number): LockResult {
  const us = processes.identity(process.pid)
  assert(us !== null, 'the running process has an identity')
  return takeLock(stateDir, us, nowMs)
}

/** For a daemon that writes nothing and so gets in nobody's way. */
export const unclaimedLock: DaemonLock = { isOurs: () => true, hold: () => true, release: () => {} }

/** The living daemon of a workspace; null when there is none. */
export function lockOwner(stateDir: string): ProcessIdentity | null {
  return livingOwner(join(stateDir, 'daemon.lock'))
}

function lockAt(stateDir: string, path: string, us: ProcessIdentity): DaemonLock {
  const isOurs = (): boolean => {
    const owner = readOwner(path)
    return owner !== null && isSame(owner, us)
  }
  return {
    isOurs,
    hold: (nowMs) => isOurs() || takeLock(stateDir, us, nowMs).kind === 'ours',
    release() {
      if (isOurs()) rmSync(path, { force: true })
    },
  }
}

/** Two takers at once: only the holder of the second lock looks again and replaces: neither removes the other's. */
function takeOver(path: string, us: ProcessIdentity, nowMs: number): void {
  const second = `${path}.takeover`
  try {
    if (nowMs - statSync(second).mtimeMs > takeOverMs) rmSync(second, { force: true })
  } catch (error) {
    if (errnoOf(error) !== 'ENOENT') throw error
  }
  const text = textOf(us, dirname(path))
  if (!linkWhole(second, text)) return
  try {
    if (livingOwner(path) === null) {
      rmSync(path, { force: true })
      linkWhole(path, text)
    }
  } finally {
    rmSync(second, { force: true })
  }
}

function textOf({ pid, startTick }: ProcessIdentity, stateDir: string): string {
  return JSON.stringify({ pid, startTick, place: placeOf(stateDir) })
}

/** Makes `path` with its whole content or not at all: a reader never sees an empty lock. */
function linkWhole(path: string, text: string): boolean {
  const temporary = `${path}.${process.pid}`
  // Whoever may enter the directory may know who has the lock: an unreadable one would look like a dead daemon's.
  writeFileSync(temporary, text, { mode: 0o644 })
  try {
    linkSync(temporary, path)
    return true
  } catch (error) {
    if (errnoOf(error) === 'EEXIST') return false
    throw error
  } finally {
    unlinkSync(temporary)
  }
}

function livingOwner(path: string): ProcessIdentity | null {
  const owner = readOwner(path)
  if (owner === null) return null
  const living = processes.identity(owner.pid)
  return living !== null && isSame(living, owner) ? owner : null
}

function readOwner(path: string): ProcessIdentity | null {
  try {
    const owner: unknown = JSON.parse(wholeFile.read(path) ?? 'null')
    if (typeof owner !== 'object' || owner === null || !('pid' in owner) || !('startTick' in owner)) return null
    if (!isOfPlace(owner, dirname(path))) return null
    const { pid, startTick } = owner
    return typeof pid === 'number' && typeof startTick === 'number' ? { pid, startTick } : null
  } catch {
    // Not ours to read or not written by us: nobody that lives.
    return null
  }
}

function isSame(one: ProcessIdentity, other: ProcessIdentity): boolean {
  return one.pid === other.pid && one.startTick === other.startTick
}
