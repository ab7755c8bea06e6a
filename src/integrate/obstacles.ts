import { readdirSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import type { CommitChange } from '../git/git.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import { absolute } from './at-path.ts'

/** Entries looked through below one directory that stands where a file is to come; with more, it stays. */
const belowMax = 10_000

export interface Obstacles {
  /** Paths that cannot come, since something stands in their way. */
  readonly blocked: ReadonlySet<PathBytes>
  /** What stands there, at most 10,000: a file where a directory has to be, or what is in one where a file has to. */
  readonly blockers: ReadonlySet<PathBytes>
}

/** What of the work tree the change does not take away itself and that stands in the way of what it brings. */
export function obstacles(root: string, changes: readonly CommitChange[]): Obstacles {
  const removed = new Set(changes.filter(({ after }) => after === null).map(({ path }) => path))
  const directories = new Map<PathBytes, boolean>()
  const blocked = new Set<PathBytes>()
  const blockers = new Set<PathBytes>()
  for (const { path, after } of changes) {
    if (after === null || after.mode === '160000') continue
    const above = fileAbove(root, path, removed, directories)
    const found = above === null ? occupants(root, path, removed) : [above]
    if (found.length > 0) blocked.add(path)
    for (const one of found) if (blockers.size < belowMax) blockers.add(one)
  }
  return { blocked, blockers }
}

/** Everything that cannot come while `kept` stays: what is below it, and what it is below. */
export function besideKept(kept: ReadonlySet<PathBytes>, changes: readonly CommitChange[]): readonly PathBytes[] {
  if (kept.size === 0) return []
  const above = new Set([...kept].flatMap(ancestors))
  return changes
    .filter(({ path, after }) => after !== null && !kept.has(path))
    .filter(({ path }) => above.has(path) || ancestors(path).some((one) => kept.has(one)))
    .map(({ path }) => path)
}

function ancestors(path: PathBytes): readonly PathBytes[] {
  const found: PathBytes[] = []
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) found.push(path.slice(0, at) as PathBytes)
  return found
}

function fileAbove(
  root: string,
  path: PathBytes,
  removed: ReadonlySet<PathBytes>,
  known: Map<PathBytes, boolean>,
): PathBytes | null {
  const found = ancestors(path).find((directory) => {
    const answer = known.get(directory) ?? (isNoDirectory(root, directory) && !removed.has(directory))
    known.set(directory, answer)
    return answer
  })
  return found ?? null
}

function isNoDirectory(root: string, path: PathBytes): boolean {
  const kind = lookAt(absolute(root, path))?.kind
  return kind !== undefined && kind !== 'directory'
}

/** What stays in a directory that stands where a file is to come. */
function occupants(root: string, path: PathBytes, removed: ReadonlySet<PathBytes>): readonly PathBytes[] {
  if (lookAt(absolute(root, path))?.kind !== 'directory') return []
  const found: PathBytes[] = []
  const open: PathBytes[] = [path]
  for (let looked = 0; looked < belowMax && found.length < belowMax; looked++) {
    const directory = open.pop()
    if (directory === undefined) return found
    const names = namesIn(root, directory)
    if (names === null) found.push(directory)
    for (const name of names ?? []) {
      const below = `${directory}/${name}` as PathBytes
      if (lookAt(absolute(root, below))?.kind === 'directory') open.push(below)
      else if (!removed.has(below)) found.push(below)
    }
  }
  return [...found, path]
}

/** null: it cannot be looked into. */
function namesIn(root: string, directory: PathBytes): readonly string[] | null {
  try {
    return readdirSync(absolute(root, directory), { encoding: 'latin1' })
  } catch (error) {
    if (errnoOf(error) === null) throw error
    return null
  }
}
