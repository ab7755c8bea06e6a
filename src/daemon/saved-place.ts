/** Which directory a state was kept in: one that was copied along with a folder tells of another clone. */
import { statSync } from 'node:fs'
import { bornNs } from '../place.ts'
import type { State } from './state-schema.ts'

type SavedPlace = NonNullable<State['place']>

/** Of what `placeOf` knows, all that outlives a mount. @throws the system's error. */
export function savedPlace(stateDir: string): SavedPlace {
  const stat = statSync(stateDir, { bigint: true })
  return { path: stateDir, inode: `${stat.ino}`, born: bornNs(stat)?.toString() ?? null }
}

/** What is moved was born when it was. Where that is not known, numbers may be given anew at every mount. */
export function isCopy(saved: SavedPlace, now: SavedPlace): boolean {
  if (saved.born !== null && now.born !== null) return saved.born !== now.born
  return saved.inode !== now.inode && saved.path !== now.path
}
