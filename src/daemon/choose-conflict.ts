/** Which of what is open at a path is meant by a word about it. */
import { shellWord } from '../shell.ts'
import { pathText, type PathBytes } from '../types.ts'
import type { OpenConflict } from './open-conflicts.ts'

/**
 * ours: what was written on this machine, or on the one that keeps it. theirs: what the remote had. file: what lies in
 * the work tree now.
 */
export type Side = 'ours' | 'theirs' | 'file'

export interface Problem {
  readonly problem: string
  readonly hint: string
}

export interface Chosen {
  readonly one: OpenConflict
  /** With the newest side of a path every older one is settled. */
  readonly older: readonly OpenConflict[]
}

/**
 * What was left open here comes before what another clone keeps, of which only the newest is meant, and only by who
 * names a side: the file as it is here says nothing about it.
 * @param open the newest first
 */
export function choose(open: readonly OpenConflict[], path: PathBytes, side: Side): Chosen | Problem {
  const found = open.filter((one) => one.path === path)
  const here = found.filter(({ isHere }) => isHere)
  const [one, ...older] = here.filter((other) => other.kind === 'diverged' || other.isOwn)
  if (one !== undefined) return { one, older }
  const [another] = here
  if (another !== undefined) return side === 'file' ? keptElsewhere(path) : { one: another, older: [] }
  const [first] = found
  return first === undefined ? notOpen(path) : onAnotherBranch(first)
}

function notOpen(path: PathBytes): Problem {
  return { problem: `${pathText(path)} is in no conflict`, hint: 'see workspace-sync conflicts list' }
}

function onAnotherBranch({ path, branch }: OpenConflict): Problem {
  const name = (branch ?? '').replace(/^refs\/heads\//, '')
  return {
    problem: `${pathText(path)} is in conflict on branch ${name}, and not on the one that is checked out`,
    hint: `settle it there: git switch ${shellWord(name)}`,
  }
}

function keptElsewhere(path: PathBytes): Problem {
  return {
    problem: `the other side of ${pathText(path)} is kept by another clone`,
    hint: 'settle it there; or look at it with workspace-sync conflicts show, and name a side: --ours or --theirs',
  }
}
