import type { Oid, PathBytes, TreeEntry } from '../types.ts'
import type { Parts } from './board.ts'

/**
 * Watches what nobody watched and is part of the workspace by now: a directory that git ignores and HEAD has files in
 * (added by force, pulled, brought in by us), and one with a `.git` inside that git goes on tracking.
 */
export async function regain(parts: Parts, head: Oid | null): Promise<void> {
  const { engine, source, ignores } = parts
  const { pruned, nested } = source.unwatched()
  const ignored = [...pruned, ...ignores.list()]
  const bases = await engine.entriesAt(head, [...ignored, ...nested])
  const tracked = ignored.filter((directory) => bases.get(directory)?.mode === '040000')
  ignores.forget(tracked)
  const ours = nested.filter((directory) => isOurs(parts, directory, bases.get(directory)))
  for (const directory of [...tracked, ...ours]) source.watch(directory)
}

/** The watcher passes over what has a `.git`; git does not where HEAD has files, or where that is no repository. */
export function isOurs({ evidence }: Parts, directory: PathBytes, base: TreeEntry | undefined): boolean {
  const inside = evidence.gitInside(directory)
  return inside !== 'nothing' && (base === undefined ? inside === 'stray' : base.mode === '040000')
}
