import type { OpenPath } from '../git/git.ts'
import type { Oid, PathBytes, TreeEntry } from '../types.ts'

/** A file whose place the other side made a directory. */
export interface Displaced {
  /** Where git put it. */
  readonly at: PathBytes
  readonly place: PathBytes
  readonly side: 'ours' | 'theirs'
  readonly open: OpenPath
}

interface Commits {
  readonly ours: Oid
  readonly theirs: Oid
}

/**
 * Git puts a file whose place the other side made a directory beside it, under a name that holds the commit's id, which
 * is another one on every machine.
 * @returns the path that was meant and whose file it is; null: it is none of these
 */
export function displaced(open: OpenPath, { ours, theirs }: Commits): Displaced | null {
  const match = /^(.*)~([0-9a-f]{40,64})(?:_\d+)?$/s.exec(open.path)
  if (match === null) return null
  const [, place = '', oid] = match
  if (oid !== ours && oid !== theirs) return null
  return { at: open.path, place: place as PathBytes, side: oid === ours ? 'ours' : 'theirs', open }
}

/**
 * A file and a link at one path git puts apart as well, though no directory is in the way: they are two versions of it.
 * @returns what is open, such ones put together, and the names that git made up for them
 */
export function rejoined(
  open: readonly OpenPath[],
  commits: Commits,
): {
  readonly open: readonly OpenPath[]
  readonly displaced: readonly Displaced[]
  readonly names: readonly PathBytes[]
} {
  const moved = open.flatMap((one) => displaced(one, commits) ?? [])
  const joined = new Map(open.filter((one) => moved.every(({ at }) => at !== one.path)).map((one) => [one.path, one]))
  const apart: Displaced[] = []
  const names: PathBytes[] = []
  for (const one of moved) {
    const other = joined.get(one.place) ?? moved.find(({ at, place }) => place === one.place && at !== one.at)?.open
    const ours = one.side === 'ours' ? one.open.ours : (other?.ours ?? null)
    const theirs = one.side === 'theirs' ? one.open.theirs : (other?.theirs ?? null)
    if (!isFileOrLink(ours) || !isFileOrLink(theirs)) {
      apart.push(one)
      continue
    }
    names.push(one.at)
    joined.set(one.place, { path: one.place, base: one.open.base ?? other?.base ?? null, ours, theirs })
  }
  return { open: [...joined.values()], displaced: apart, names }
}

function isFileOrLink(entry: TreeEntry | null): entry is TreeEntry {
  return entry !== null && entry.mode !== '160000' && entry.mode !== '040000'
}

/** Beside the directory that took its place, by a name that is the same on every machine. */
export function besideDirectory(path: PathBytes, oid: Oid): PathBytes {
  return `${path}~${oid.slice(0, 10)}` as PathBytes
}
