import type { FileMode, Oid, PathBytes } from '../types.ts'
import { fields } from './parse.ts'

/** A file or link that a commit brought or took away. */
export interface OutgoingChange {
  readonly commit: Oid
  /** The commit has no parent. */
  readonly isRoot: boolean
  readonly path: PathBytes
  /** null: deleted. */
  readonly blob: { readonly mode: FileMode; readonly oid: Oid } | null
  /** What lay at that path in the parents. */
  readonly before: readonly Oid[]
}

/**
 * `git diff-tree --stdin -r --root -c -z --raw`: a commit's id, then its changes, each ":modes ids letters" and a path,
 * with a colon, a mode and an id for every parent. A merge lists only what none of its parents has.
 */
export function outgoingChanges(output: Buffer, roots: ReadonlySet<Oid>): readonly OutgoingChange[] {
  const found: OutgoingChange[] = []
  let commit: Oid = ''
  const parts = fields(output)
  for (let at = 0; at < parts.length; at += 1) {
    const part = parts[at] ?? ''
    if (!part.startsWith(':')) {
      commit = part
      continue
    }
    at += 1
    const parents = /^:+/.exec(part)?.[0].length ?? 1
    const words = part.slice(parents).split(' ')
    const mode = words[parents] ?? ''
    const oid = words[2 * parents + 1] ?? ''
    // The commit of a submodule lies elsewhere.
    if (mode === '160000') continue
    const before = words.slice(parents + 1, 2 * parents + 1).filter((id) => !/^0+$/.test(id))
    const blob = isBlobMode(mode) ? { mode, oid } : null
    found.push({ commit, isRoot: roots.has(commit), path: (parts[at] ?? '') as PathBytes, blob, before })
  }
  return found
}

/** Zeros stand for a deletion. */
function isBlobMode(mode: string): mode is FileMode {
  return mode === '100644' || mode === '100755' || mode === '120000'
}
