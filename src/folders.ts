import type { PathBytes } from './types.ts'

/** The directories that a path lies in, the outermost first; the root itself is none. */
export function foldersAbove(path: PathBytes): readonly PathBytes[] {
  const folders: PathBytes[] = []
  for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) folders.push(path.slice(0, at) as PathBytes)
  return folders
}
