import { lstatSync, readdirSync, statSync } from 'node:fs'
import type { BigIntStats } from 'node:fs'
import { lookAt } from '../platform/platform.ts'
import type { DiskEntry } from '../types.ts'
import { attempt, type Answer } from './attempt.ts'
import { isGitName, systemPath } from './normalize.ts'

export interface Listing {
  /** Names, one byte per unit, without `.git` in any spelling. */
  readonly directories: readonly string[]
  readonly others: readonly string[]
  readonly hasGit: boolean
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
