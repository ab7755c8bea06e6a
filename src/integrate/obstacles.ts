import { readdirSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import type { CommitChange } from '../git/git.ts'
import { lookAt } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'

/** Entries looked through below one directory that stands where a file is to come; with more, it stays. */
const belowMax = 10_000

/**
 * Where files of the work tree that the change does not take away stand in the way of what it brings: a file or a link
 * where a directory has to be, or a directory with something of its own where a file has to be.
 */
export function obstacles(root: string, changes: readonly CommitChange[]): ReadonlySet<PathBytes> {
  const removed = new Set(changes.filter(({ after }) => after === null).map(({ path }) => path))
  const parents = new Map<string, boolean>()
  const found = new Set<PathBytes>()
  for (const { path, after } of changes) {
    if (after === null || after.mode === '160000') continue
    if (hasFileAbove(root, path, removed, parents) || isOccupied(root, path, removed)) found.add(path)
  }
  return found
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

function hasFileAbove(
  root: string,
  path: PathBytes,
  removed: ReadonlySet<PathBytes>,
  known: Map<string, boolean>,
): boolean {
  return ancestors(path).some((directory) => {
    const answer = known.get(directory) ?? (isNoDirectory(root, directory) && !removed.has(directory))
    known.set(directory, answer)
    return answer
  })
}

function isNoDirectory(root: string, path: PathBytes): boolean {
  const kind = lookAt(absolute(root, path))?.kind
  return kind !== undefined && kind !== 'directory'
}

function isOccupied(root: string, path: PathBytes, removed: ReadonlySet<PathBytes>): boolean {
  if (lookAt(absolute(root, path))?.kind !== 'directory') return false
  const open: PathBytes[] = [path]
  for (let looked = 0; looked < belowMax; looked++) {
    const directory = open.pop()
    if (directory === undefined) return false
    const names = namesIn(root, directory)
    if (names === null) return true
    for (const name of names) {
      const below = `${directory}/${name}` as PathBytes
      if (lookAt(absolute(root, below))?.kind === 'directory') open.push(below)
      else if (!removed.has(below)) return true
    }
  }
  return true
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

function absolute(root: string, path: PathBytes): Buffer {
  return Buffer.concat([Buffer.from(`${root}/`), Buffer.from(path, 'latin1')])
}
