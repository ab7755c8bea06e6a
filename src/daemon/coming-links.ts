/** What a pull changes of what git comes to here, and of the links on the way to it. */
import type { Coming, CommitChange, GitEngine, Reached } from '../git/git.ts'
import { pathOfLatin1, type PathBytes } from '../types.ts'

/** Longer than the system lets a link be. */
const linkMaxBytes = 4_096

export function comingLinks(engine: Pick<GitEngine, 'readBlob'>, changes: readonly CommitChange[]): Coming {
  return {
    links: new Map(changes.map(({ path, after }) => [path, after?.mode === '120000' ? after.oid : null])),
    read: async (oid) => {
      const bytes = await engine.readBlob(oid, linkMaxBytes)
      const text = bytes === null ? '' : Buffer.from(bytes).toString('latin1')
      return text === '' || text.includes('\0') ? null : text
    },
  }
}

export function concerns({ ways, places }: Reached, path: PathBytes): boolean {
  if (ways.has(path)) return true
  for (let at: string = path; at !== ''; at = at.slice(0, Math.max(0, at.lastIndexOf('/')))) {
    if (places.has(pathOfLatin1(at))) return true
  }
  return false
}
