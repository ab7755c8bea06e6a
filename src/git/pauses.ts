import { join } from 'node:path'
import { shellWord } from '../shell.ts'
import type { GitPause } from './engine.ts'
import { isOnOddBranch, readHead } from './heads.ts'
import { lockPatienceMs } from './claims.ts'
import type { IndexLock } from './index-lock.ts'
import type { UserIndex } from './user-index.ts'
import type { Workbench } from './workbench.ts'

interface Operation {
  readonly name: string
  /** The command that goes on with it and gives it up. */
  readonly command: string
}

/** File or directory in the git directory, the more telling first. */
const operations: readonly (readonly [string, Operation])[] = [
  ['rebase-merge', { name: 'rebase', command: 'rebase' }],
  ['rebase-apply/applying', { name: 'am', command: 'am' }],
  ['rebase-apply', { name: 'rebase', command: 'rebase' }],
  ['MERGE_HEAD', { name: 'merge', command: 'merge' }],
  ['CHERRY_PICK_HEAD', { name: 'cherry-pick', command: 'cherry-pick' }],
  ['REVERT_HEAD', { name: 'revert', command: 'revert' }],
  ['sequencer', { name: 'sequence', command: 'cherry-pick' }],
  ['BISECT_LOG', { name: 'bisect', command: 'bisect' }],
]

export type Pauses = () => Promise<readonly GitPause[]>

export function createPauses(bench: Workbench, lock: IndexLock, index: UserIndex): Pauses {
  const { disk, repository } = bench
  const lockPause = (path: string): GitPause | null => {
    const held = disk.identify(path)
    if (held === null || bench.clock.nowMs() - held.modifiedAtMs < lockPatienceMs) return null
    return stop('locked', `${path} exists`, 'another git command runs; if none does, remove that file', null)
  }

  return async () => {
    bench.claims.settle()
    const hasUnmerged = await index.hasUnmerged()
    const operation = operationInProgress(bench)
    const found = operation === null ? [] : [operationPause(operation, hasUnmerged)]
    const head = await readHead(bench)
    if (head.ref === null) found.push(await detachedPause(bench, head.oid))
    if (hasUnmerged) found.push(stop('unmerged', 'paths are unmerged', 'settle them, then git add them', null))
    const locks = head.ref === null ? [] : [join(repository.commonDir, `${head.ref}.lock`)]
    if (!lock.isOurs()) locks.unshift(`${repository.indexPath}.lock`)
    return [...found, ...locks.flatMap((path) => lockPause(path) ?? [])]
  }
}

/** What somebody began and did not end yet; the first that is found. */
export function operationInProgress({ disk, repository }: Workbench): Operation | null {
  const found = operations.find(([file]) => disk.identify(join(repository.gitDir, file)) !== null)
  if (found === undefined) return null
  const [file, operation] = found
  // A commit by hand in the middle of several leaves only the list of what is still to do.
  const todo = file === 'sequencer' ? disk.read(join(repository.gitDir, file, 'todo')) : null
  return todo?.toString('latin1').startsWith('revert') === true ? { ...operation, command: 'revert' } : operation
}

/** git refuses to go on while anything is unmerged; am stops without that where a patch does not fit. */
function operationPause({ name, command }: Operation, hasUnmerged: boolean): GitPause {
  const pause = `${name}-in-progress`
  const what = `${name} in progress`
  if (command === 'bisect') return stop(pause, what, 'git bisect reset ends it', 'bisect reset')
  const [goOn, giveUp] = [`${command} --continue`, `${command} --abort`]
  if (!hasUnmerged && command !== 'am') {
    return stop(pause, what, `git ${goOn} finishes it, git ${giveUp} gives it up`, goOn)
  }
  // A rebase that is given up resets the work tree, edits in other files included.
  const lost = command === 'rebase' ? ' and drops what is not committed' : ''
  const remedy = `settle the conflicts, git add what you settled, then git ${goOn}; git ${giveUp} gives it up${lost}`
  return stop(pause, `${what}, with conflicts`, remedy, giveUp)
}

/** Back to the branch before, where there is one; `git switch -` may lead to a commit, which it then refuses. */
async function detachedPause(bench: Workbench, oid: string | null): Promise<GitPause> {
  if (isOnOddBranch(bench)) {
    return stop('branch-name', 'the name of this branch is not UTF-8', 'git branch -m <name> gives it another', null)
  }
  const args = ['rev-parse', '--symbolic-full-name', '--verify', '--quiet', '@{-1}']
  const { code, stdout } = await bench.git.run({ args, deadlineMs: bench.deadlines.plumbingMs })
  const before = /^refs\/heads\/(.+)\n$/.exec(code === 0 ? stdout.toString('utf8') : '')?.[1]
  const what = 'HEAD is on no branch'
  if (before !== undefined) {
    const command = `switch ${shellWord(before)}`
    return stop('detached-head', what, `git ${command} goes back to one`, command)
  }
  const command = `switch -c work-${oid?.slice(0, 10) ?? ''}`
  return stop('detached-head', what, `git ${command} makes one here, git switch <branch> goes to another`, command)
}

function stop(name: string, what: string, remedy: string, command: string | null): GitPause {
  return { name, detail: `${what}: ${remedy}`, what, remedy, command, stops: 'commit' }
}
