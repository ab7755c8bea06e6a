import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gitEnvironment, type TempRepo } from './temp-repo.ts'

export interface BranchView {
  /** Content of a path on the branch `main`; null: not there. */
  content(path: string): string | null
  /** Every path on the branch `main`. */
  paths(): readonly string[]
}

/** Cheap to ask again and again: git is only asked when the branch has moved. */
export function branchView(repo: TempRepo, gitDir: string): BranchView {
  let seen = ''
  let contents = new Map<string, string | null>()
  let paths: readonly string[] | null = null
  const refresh = (): boolean => {
    const tip = looseTip(gitDir) ?? repo.git('for-each-ref', '--format=%(objectname)', 'refs/heads/main')
    if (tip !== seen) [seen, contents, paths] = [tip, new Map(), null]
    return tip !== ''
  }
  return {
    content(path) {
      if (!refresh()) return null
      if (!contents.has(path)) contents.set(path, blobOf(repo, `${seen}:${path}`))
      return contents.get(path) ?? null
    },
    paths() {
      if (!refresh()) return []
      paths ??= repo.git('ls-tree', '-r', '-z', '--name-only', seen).split('\0').filter(Boolean)
      return paths
    },
  }
}

function looseTip(gitDir: string): string | null {
  try {
    return readFileSync(join(gitDir, 'refs', 'heads', 'main'), 'utf8').trim()
  } catch {
    return null
  }
}

function blobOf(repo: TempRepo, spec: string): string | null {
  try {
    return execFileSync('git', ['cat-file', 'blob', spec], {
      cwd: repo.root,
      env: gitEnvironment,
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    })
  } catch {
    return null
  }
}
