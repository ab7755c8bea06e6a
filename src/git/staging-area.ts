import { join } from 'node:path'
import { pathBytes, type Oid, type PathBytes } from '../types.ts'
import { literalPaths } from './environment.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { Shadow } from './shadow.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

/** Files whose filter failed that are left out one by one; with more of them the filter itself is broken. */
const brokenFiltersMax = 20

/**
 * Files of a commit, written by git below a directory of ours: whole, with filters, modes and links, before anything of
 * the work tree is touched. Where the commit brings attributes, that directory is git's work tree meanwhile, so that
 * they count. Names that no work tree may hold (`.git` in any spelling, `..`) git refuses to write.
 * @param attributesChange the commit has other attributes than the work tree, which then have to count for its files
 * @returns the directory; what a filter failed on is missing there
 * @throws SyncError when the disk is full or the objects cannot be had
 */
export async function stageFiles(
  bench: Workbench,
  shadow: Shadow,
  trees: Trees,
  commit: Oid,
  paths: readonly PathBytes[],
  attributesChange: boolean,
): Promise<string> {
  const { disk, repository } = bench
  const directory = join(repository.stateDir, 'incoming')
  await disk.removeTree(directory)
  disk.makeDirectory(directory)
  const built = await shadow.build(await trees.treeOf(commit), [])
  if (built.kind === 'failed') throw repositoryError(built.failure)
  let rest = paths
  for (let broken = 0; rest.length > 0; broken++) {
    const answer = await checkOut(bench, shadow, directory, rest, attributesChange)
    if (answer.code === 0) break
    // git ends at a file whose required filter fails: the others are asked for without it.
    const name = /^fatal: (.*): smudge filter .* failed$/m.exec(answer.stderr)?.[1] ?? ''
    const left = rest.filter((path) => path !== pathBytes(name))
    if (left.length === rest.length || broken === brokenFiltersMax)
      throw repositoryError(failureOf('checkout-index', answer))
    rest = left
  }
  return directory
}

function checkOut(
  bench: Workbench,
  shadow: Shadow,
  directory: string,
  paths: readonly PathBytes[],
  hasAttributes: boolean,
) {
  // Filters are run in the work tree, and may lie there: it is left to them unless the attributes are in the way.
  const elsewhere = hasAttributes ? { GIT_DIR: bench.repository.gitDir, GIT_WORK_TREE: directory } : {}
  const prefix = hasAttributes ? [] : [`--prefix=${directory}/`]
  return bench.git.run({
    args: [...protect, 'checkout-index', '-f', '-q', '-z', ...prefix, '--stdin'],
    input: Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1'),
    environment: {
      ...literalPaths,
      ...elsewhere,
      GIT_INDEX_FILE: shadow.path,
    },
    // Filters may fetch what they write.
    deadlineMs: bench.deadlines.transferMs,
  })
}

/** What one system takes for `.git` is not written on any. */
const protect = ['-c', 'core.protectHFS=true', '-c', 'core.protectNTFS=true', '-c', 'core.sparseCheckout=false']
