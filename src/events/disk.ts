import { lstatSync, readdirSync, statSync, watch } from 'node:fs'
import type { BigIntStats, FSWatcher } from 'node:fs'
import { errnoOf } from '../errors.ts'
import { lookAt } from '../platform/platform.ts'
import type { DiskEntry } from '../types.ts'
import { isGitName, systemPath } from './normalize.ts'

/** gone: it vanished, moved away or is something else by now; whoever holds its parent is told by an event. */
export type Answer<T> =
  { readonly ok: T } | { readonly failed: 'gone' } | { readonly failed: 'refused'; readonly code: string }

export interface Listing {
  /** Names, one byte per unit, without `.git` in any spelling. */
  readonly directories: readonly string[]
  readonly others: readonly string[]
  readonly hasGit: boolean
}

const vanished = new Set(['ENOENT', 'ENOTDIR', 'ELOOP'])

/** A tree changes under the looker's feet, so every call on it may fail in each of these ways. */
function attempt<T>(call: () => T): Answer<T> {
  try {
    return { ok: call() }
  } catch (error) {
    const code = errnoOf(error)
    // Not the system's answer: a bug of ours that must not pass for a vanished file.
    if (code === null || code.startsWith('ERR_')) throw error
    return vanished.has(code) ? { failed: 'gone' } : { failed: 'refused', code }
  }
}

/** @param path absolute, one byte per unit. */
export function look(path: string): Answer<DiskEntry | null> {
  return attempt(() => lookAt(systemPath(path)))
}

/** Which directory this is; a link or anything else is `gone`. */
export function identify(path: string): Answer<string> {
  const stat = attempt(() => lstatSync(systemPath(path), { bigint: true }))
  return 'ok' in stat ? directoryIdentity(stat.ok) : stat
}

/** As `identify`, but a link to a directory is followed: the root may be one. */
export function identifyRoot(path: string): Answer<string> {
  const stat = attempt(() => statSync(systemPath(path), { bigint: true }))
  return 'ok' in stat ? directoryIdentity(stat.ok) : stat
}

function directoryIdentity(stat: BigIntStats): Answer<string> {
  return stat.isDirectory() ? { ok: `${stat.dev}.${stat.ino}.${stat.birthtimeNs}` } : { failed: 'gone' }
}

/** Whether entries of the directory can be looked at, not only named: that takes the right to search it. */
export function isSearchable(path: string): boolean {
  return 'ok' in attempt(() => lstatSync(systemPath(`${path}/.`)))
}

/** @param wanted whether `others` are; there are ten times as many of them as of directories. */
export function list(path: string, wanted: 'directories' | 'all'): Answer<Listing> {
  return attempt(() => {
    const directories: string[] = []
    const others: string[] = []
    let hasGit = false
    for (const entry of entriesOf(path)) {
      const { name } = entry
      if (isGitName(name)) hasGit ||= name === '.git'
      else if (entry.isDirectory()) directories.push(name)
      else if (wanted === 'all') others.push(name)
    }
    return { directories, others, hasGit }
  })
}

function entriesOf(path: string): readonly { readonly name: string; isDirectory(): boolean }[] {
  try {
    return readdirSync(systemPath(path), { encoding: 'latin1', withFileTypes: true })
  } catch {
    // Where the file system gives no types Node looks at each entry itself, and fails at names that are not ASCII.
    const names = readdirSync(systemPath(path), { encoding: 'latin1' })
    return names.map((name) => {
      const isDirectory = lookAt(systemPath(`${path}/${name}`))?.kind === 'directory'
      return { name, isDirectory: () => isDirectory }
    })
  }
}

/**
 * @param onNoticed gets the name that an event is about: an entry, or the directory's own base name; null when the system
 * did not say. The kind of event is left out, because libuv calls everything that happens to a directory a rename.
 */
export function watchDirectory(
  path: string,
  onNoticed: (name: string | null) => void,
  onError: (code: string) => void,
): Answer<FSWatcher> {
  return attempt(() => {
    const watcher = watch(systemPath(path), { encoding: 'latin1' }, (_, name) => onNoticed(name))
    watcher.on('error', (error) => onError(errnoOf(error) ?? 'EIO'))
    return watcher
  })
}
