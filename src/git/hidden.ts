import type { PathBytes } from '../types.ts'
import type { IndexTable } from './index-table.ts'

/** How git was told to look away from a path. */
export type Hidden = 'left-out' | 'assumed-unchanged'

export function hiddenAmong(table: IndexTable, paths: readonly PathBytes[]): ReadonlyMap<PathBytes, Hidden> {
  return new Map(
    paths.flatMap((path): readonly (readonly [PathBytes, Hidden])[] => {
      const entry = table.at(path).find(({ stage }) => stage === 0)
      if (entry?.skipWorktree === true) return [[path, 'left-out']]
      return entry?.assumeUnchanged === true ? [[path, 'assumed-unchanged']] : []
    }),
  )
}
