import { statSync } from 'node:fs'
import { errnoOf } from '../errors.ts'
import type { Repository } from '../git/git.ts'
import { isSamePlace, placeOf } from '../place.ts'
import type { Clock } from '../platform/platform.ts'
import type { Pause } from '../types.ts'

/** Whether the repository that a daemon was started for lies where it did: nothing is to be made in its place. */
export interface Home {
  /** Taken away, or another one lies there. A disk that does not answer may come back and is not gone. */
  isGone(): boolean
  /** For so long, in milliseconds; 0: it is there. */
  goneForMs(): number
}

/** Somebody who moves it away for a moment has put it back by then. */
export const goneMsMax = 60_000

export const gonePause: Pause = {
  name: 'workspace-gone',
  detail: 'the workspace folder or its git directory is gone, or is another one; put it back within a minute',
  remedy: 'put it back within a minute',
  stops: 'commit',
}

export function createHome({ root, gitDir }: Pick<Repository, 'root' | 'gitDir'>, clock: Clock): Home {
  const before = placeOf(gitDir)
  let sinceMs: number | null = null
  const isGone = (): boolean => {
    const now = placeOf(gitDir)
    const isThere = (isSamePlace(now, before) || (now === null && !isMissing(gitDir))) && !isMissing(root)
    sinceMs = isThere ? null : (sinceMs ?? clock.monotonicMs())
    return !isThere
  }
  return { isGone, goneForMs: () => (isGone() && sinceMs !== null ? clock.monotonicMs() - sinceMs : 0) }
}

function isMissing(path: string): boolean {
  try {
    statSync(path)
    return false
  } catch (error) {
    return ['ENOENT', 'ENOTDIR'].includes(errnoOf(error) ?? '')
  }
}
