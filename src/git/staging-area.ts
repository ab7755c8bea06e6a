import { join } from 'node:path'
import { pathBytes, type Oid, type PathBytes } from '../types.ts'
import { isForbiddenName } from './embedded/names.ts'
import { literalPaths } from './environment.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { GitAnswer } from './run.ts'
import type { Shadow } from './shadow.ts'
import type { Trees } from './trees.ts'
import type { Workbench } from './workbench.ts'

/** Files and directories that git stopped at are left out one by one; of more of them no single one is to blame. */
const stopsMax = 20

/**
 * Files of a commit, written by git below a directory of ours: whole, with filters, modes and links, before anything of
 * the work tree is touched. Where the commit brings attributes, that directory is git's work tree meanwhile, so that
 * they count. Names that no work tree may hold (`.git` in any spelling, `..`) are left out.
 * @param attributesChange the commit has other attributes than the work tree, which then have to count for its files
 * @returns the directory; what a filter failed on, or what has a name that this file system cannot hold, is missing
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
  // git looks at names when it reads a tree, and then only for those that this system takes for `.git`.
  let rest = paths.filter((path) => !isForbiddenName(path))
  for (let stops = 0; rest.length > 0; stops++) {
    const answer = await checkOut(bench, shadow, directory, rest, attributesChange)
    if (answer.code === 0 || wroteTheOthers(answer)) break
    const stopped = stoppedAt(answer, directory)
    const left = rest.filter((path) => path !== stopped && !path.startsWith(`${stopped}/`))
    if (left.length === rest.length || stops === stopsMax) throw repositoryError(failureOf('checkout-index', answer))
    rest = left
  }
  return directory
}

/** It goes on past a file that it cannot make. What the disk says of all of them is no file's matter. */
function wroteTheOthers({ code, stderr }: GitAnswer): boolean {
  const errors = stderr.split('\n').filter((line) => /^(?:error|fatal): /.test(line))
  const isOne = (line: string): boolean =>
    /^error: unable to create (?:file|symlink) /.test(line) && ofItsName.test(line)
  return code === 1 && errors.length > 0 && errors.every(isOne)
}

/** git ends at a file whose required filter fails, and at a directory that cannot be made. */
function stoppedAt({ stderr }: GitAnswer, directory: string): PathBytes {
  const filtered = /^fatal: (.*): smudge filter .* failed$/m.exec(stderr)?.[1]
  const [line = '', made = ''] = /^fatal: cannot create directory at '(.*)': .*$/m.exec(stderr) ?? []
  const folder = ofItsName.test(line) ? made.slice(made.startsWith(`${directory}/`) ? directory.length + 1 : 0) : ''
  return pathBytes(filtered ?? folder)
}

/** What file systems say of a name that they cannot hold. */
const ofItsName = /: (?:File name too long|Invalid argument|Illegal byte sequence|Invalid or incomplete multibyte .*)$/

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
