import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Repository } from '../git/git.ts'

/** Directories below `refs/heads` in which the branch that HEAD is on is kept: one for each `/` in its name. */
export function branchDirectories({ gitDir, commonDir }: Pick<Repository, 'gitDir' | 'commonDir'>): readonly string[] {
  const names = /^ref: refs\/heads\/([^\n]+)/.exec(headIn(gitDir))?.[1]?.split('/') ?? []
  return names.slice(0, -1).map((_, depth) => join(commonDir, 'refs', 'heads', ...names.slice(0, depth + 1)))
}

function headIn(gitDir: string): string {
  try {
    return readFileSync(join(gitDir, 'HEAD'), 'utf8')
  } catch {
    // It is being replaced, or gone: the next change tells.
    return ''
  }
}
