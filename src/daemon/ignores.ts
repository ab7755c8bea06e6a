import { posix } from 'node:path'
import type { GitEngine } from '../git/git.ts'
import type { ChangeEvent, PathBytes } from '../types.ts'

/** Directories that git ignores as a whole: nothing in them can be a change, so nobody watches them. */
export interface Ignores {
  has(directory: PathBytes): boolean
  list(): Iterable<PathBytes>
  /** Asks git again, since its rules may have changed. @returns whether other directories are ignored now. */
  refresh(): Promise<boolean>
  /** They are not ignored as a whole any more. */
  forget(directories: readonly PathBytes[]): void
}

export function createIgnores(engine: GitEngine): Ignores {
  let directories: ReadonlySet<PathBytes> = new Set()
  return {
    has: (directory) => directories.has(directory),
    list: () => directories,
    forget(gone) {
      if (gone.length > 0) directories = new Set([...directories].filter((directory) => !gone.includes(directory)))
    },
    async refresh() {
      engine.forgetIgnores()
      const before = directories
      directories = new Set(await engine.ignoredDirectories())
      return before.size !== directories.size || [...directories].some((directory) => !before.has(directory))
    },
  }
}

/** Files in the tree by which somebody tells git what to ignore and how to read files. */
export function changesIgnores(events: readonly ChangeEvent[]): boolean {
  return events.some(({ path }) => ['.gitignore', '.gitattributes'].includes(posix.basename(path)))
}
