import type { Oid, PathBytes } from '../types.ts'

/** A commit that gave a path this content; an id of zeros: it deleted the path. */
export interface PathVersion {
  readonly commit: Oid
  readonly path: PathBytes
  readonly oid: Oid
}

/**
 * The pieces of `git log --raw -c -z --format=%x01%H`: a commit, then for each path a line of modes, ids and status,
 * and the path. A merge has as many colons as parents and lists only what differs from all of them; its own id is
 * the last.
 */
export function pathVersions(pieces: readonly string[]): readonly PathVersion[] {
  const found: PathVersion[] = []
  let commit = ''
  for (let at = 0; at < pieces.length; at += 1) {
    const piece = (pieces[at] ?? '').trimStart()
    if (piece.startsWith('\x01')) {
      commit = piece.slice(1).trimEnd()
    } else if (piece.startsWith(':')) {
      const words = piece.split(' ')
      at += 1
      found.push({ commit, path: (pieces[at] ?? '') as PathBytes, oid: words.at(-2) ?? '' })
    }
  }
  return found
}
