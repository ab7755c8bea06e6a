import type { FileMode, Oid, PathBytes, TreeEntry } from '../types.ts'

interface RawChange {
  readonly path: PathBytes
  readonly before: TreeEntry | null
  readonly after: TreeEntry | null
}

/** ":mode mode oid oid letter" NUL path NUL, again and again. */
export function rawChanges(parts: readonly string[]): readonly RawChange[] {
  const changes: RawChange[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [modeBefore = '', modeAfter = '', oidBefore = '', oidAfter = ''] = (parts[at] ?? '').slice(1).split(' ')
    const path = parts[at + 1] as PathBytes
    changes.push({ path, before: entryOf(modeBefore, oidBefore), after: entryOf(modeAfter, oidAfter) })
  }
  return changes
}

function entryOf(mode: string, oid: Oid): TreeEntry | null {
  return mode === '000000' ? null : { mode: mode as FileMode, oid }
}
