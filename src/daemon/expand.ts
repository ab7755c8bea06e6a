import { setImmediate as nextTurn } from 'node:timers/promises'
import type { DirectoryFaults } from '../evidence/evidence.ts'
import type { ChangeEvent, Oid, PathBytes, TreeEntry } from '../types.ts'
import type { Parts } from './board.ts'
import { isOurs } from './regain.ts'

/** Between two turns of the loop. */
const looksInARow = 500

/**
 * Git knows files only. A directory that vanished stands for the files that were below it; a file that took the place
 * of a directory too, and so does another directory for what is not in it; a directory that git ignores as a whole need
 * not be watched.
 */
export async function expand(
  parts: Parts,
  head: Oid | null,
  events: readonly ChangeEvent[],
  bases: ReadonlyMap<PathBytes, TreeEntry>,
  directories: DirectoryFaults,
): Promise<readonly ChangeEvent[]> {
  const expanded = new Map<PathBytes, ChangeEvent>()
  const add = (event: ChangeEvent): void => void (expanded.has(event.path) || expanded.set(event.path, event))
  for (const event of events) {
    const base = bases.get(event.path)
    if (event.entry?.kind === 'directory') {
      if (base === undefined) await pruneIfIgnored(parts, event.path)
      else if (base.mode === '040000') for (const gone of await goneFrom(parts, head, event, directories)) add(gone)
      else if (base.mode === '160000') expanded.set(event.path, event)
      else expanded.set(event.path, { ...event, entry: null })
      if (event.isNew === true && isOurs(parts, event.path, base)) parts.source.watch(event.path)
      continue
    }
    if (base?.mode === '040000') {
      for (const path of await parts.engine.filesBelow(head, event.path)) add({ path, atMs: event.atMs, entry: null })
    }
    if (event.entry !== null || base?.mode !== '040000') expanded.set(event.path, event)
  }
  return [...expanded.values()]
}

/** The files that HEAD has below a directory and that are not in the one that lies there now. */
async function goneFrom(
  parts: Parts,
  head: Oid | null,
  { path: directory, atMs, isNew }: ChangeEvent,
  directories: DirectoryFaults,
): Promise<readonly ChangeEvent[]> {
  if (isNew !== true) return []
  const gone: ChangeEvent[] = []
  for (const [at, path] of (await parts.engine.filesBelow(head, directory)).entries()) {
    if (at % looksInARow === looksInARow - 1) await nextTurn()
    if (!lies(parts, path, directories)) gone.push({ path, atMs, entry: null })
  }
  return gone
}

function lies({ evidence }: Parts, path: PathBytes, directories: DirectoryFaults): boolean {
  try {
    return evidence.entry(path, null, directories) !== null
  } catch {
    // Where it is judged it is looked at again, and told.
    return false
  }
}

async function pruneIfIgnored(parts: Parts, directory: PathBytes): Promise<void> {
  if ((await parts.engine.ignored([directory])).has(directory)) parts.source.prune(directory)
}
