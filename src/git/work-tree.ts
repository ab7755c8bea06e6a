import type { PathBytes } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import { statusPaths } from './parse.ts'
import { isOvergrown } from './submodules.ts'
import type { Workbench } from './workbench.ts'

/** About two million changed paths; beyond it reading the work tree fails with a named error. */
const statusMaxBytes = 256 * 1024 * 1024

/** @param submodules of the index: what lies in the place of one is no news to `git status`. */
export async function changedPaths(bench: Workbench, submodules: readonly PathBytes[]): Promise<readonly PathBytes[]> {
  const changed = statusPaths(await status(bench, ['--untracked-files=all']), 'changed')
  return [...changed, ...submodules.filter((path) => isOvergrown(bench.repository.root, path))]
}

/** `matching` names only what a rule itself excludes: a directory that merely holds ignored files is not pruned. */
export async function ignoredDirectories(bench: Workbench): Promise<readonly PathBytes[]> {
  return (await ignored(bench)).filter((path) => path.endsWith('/')).map(withoutSlash)
}

export async function ignoredPaths(bench: Workbench): Promise<readonly PathBytes[]> {
  return (await ignored(bench)).map(withoutSlash)
}

async function ignored(bench: Workbench): Promise<readonly PathBytes[]> {
  return statusPaths(await status(bench, ['--untracked-files=all', '--ignored=matching']), '!')
}

function withoutSlash(path: PathBytes): PathBytes {
  return path.replace(/\/$/, '') as PathBytes
}

async function status(bench: Workbench, options: readonly string[]): Promise<Buffer> {
  const args = ['status', '--porcelain=v2', '-z', '--no-renames', '--ignore-submodules=all', ...options]
  const answer = await bench.git.run({ args, deadlineMs: bench.deadlines.treeMs, outputMaxBytes: statusMaxBytes })
  if (answer.code !== 0 || answer.fault !== null) throw repositoryError(failureOf('status', answer))
  return answer.stdout
}
