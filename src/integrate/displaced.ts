import type { Oid, PathBytes } from '../types.ts'

/**
 * Git puts a file whose place the other side made a directory beside it, under a name that holds the commit's id, which
 * is another one on every machine.
 * @returns the path that was meant and whose file it is; null: it is none of these
 */
export function displaced(
  path: PathBytes,
  ours: Oid,
  theirs: Oid,
): { readonly path: PathBytes; readonly side: 'ours' | 'theirs' } | null {
  const match = /^(.*)~([0-9a-f]{40,64})(?:_\d+)?$/s.exec(path)
  if (match === null) return null
  const [, place = '', oid] = match
  if (oid !== ours && oid !== theirs) return null
  return { path: place as PathBytes, side: oid === ours ? 'ours' : 'theirs' }
}

/** Beside the directory that took its place, by a name that is the same on every machine. */
export function besideDirectory(path: PathBytes, oid: Oid): PathBytes {
  return `${path}~${oid.slice(0, 10)}` as PathBytes
}
