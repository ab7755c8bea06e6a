import { join } from 'node:path'
import type { Pause } from '../types.ts'
import { readHead } from './heads.ts'
import type { IndexLock } from './index-lock.ts'
import type { UserIndex } from './user-index.ts'
import type { Workbench } from './workbench.ts'

/** File or directory in the git directory, the pause's name, and how a person ends it. */
const operations: readonly (readonly [string, string, string])[] = [
  ['rebase-merge', 'rebase-in-progress', 'git rebase --continue or --abort'],
  ['rebase-apply', 'rebase-in-progress', 'git rebase --continue or --abort (or git am)'],
  ['MERGE_HEAD', 'merge-in-progress', 'git merge --continue or --abort'],
  ['CHERRY_PICK_HEAD', 'cherry-pick-in-progress', 'git cherry-pick --continue or --abort'],
  ['REVERT_HEAD', 'revert-in-progress', 'git revert --continue or --abort'],
  ['sequencer', 'sequence-in-progress', 'git cherry-pick or revert --continue or --abort'],
  ['BISECT_LOG', 'bisect-in-progress', 'git bisect reset'],
]

/** A lock younger than this belongs to a command that is just running. */
const lockPatienceMs = 3000

export type Pauses = () => Promise<readonly Pause[]>

export function createPauses(bench: Workbench, lock: IndexLock, index: UserIndex): Pauses {
  const { disk, repository } = bench
  const lockPause = (path: string): Pause | null => {
    const held = disk.identify(path)
    if (held === null || bench.clock.nowMs() - held.modifiedAtMs < lockPatienceMs) return null
    return stop('locked', `${path} exists: another git command runs; if none does, remove that file`)
  }

  return async () => {
    const operation = operationInProgress(bench)
    const found = operation === null ? [] : [operation]
    const head = await readHead(bench)
    if (head.ref === null) found.push(stop('detached-head', 'HEAD is on no branch: switch to one with git switch'))
    if (await index.hasUnmerged()) found.push(stop('unmerged', 'paths are unmerged: resolve them and git add them'))
    const locks = head.ref === null ? [] : [join(repository.commonDir, `${head.ref}.lock`)]
    if (!lock.isOurs()) locks.unshift(`${repository.indexPath}.lock`)
    return [...found, ...locks.flatMap((path) => lockPause(path) ?? [])]
  }
}

/** What somebody began and did not end yet; the first that is found. */
export function operationInProgress({ disk, repository }: Workbench): Pause | null {
  const found = operations.find(([file]) => disk.identify(join(repository.gitDir, file)) !== null)
  if (found === undefined) return null
  const [, name, end] = found
  return stop(name, `${name.replaceAll('-', ' ')}: finish it with ${end}`)
}

function stop(name: string, detail: string): Pause {
  return { name, detail, stops: 'commit' }
}
