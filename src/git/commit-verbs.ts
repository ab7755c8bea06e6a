import type { Failure, Oid, PathBytes } from '../types.ts'
import { failureOf, repositoryError } from './failures.ts'
import type { IndexLock } from './index-lock.ts'
import { moveOn } from './native-index.ts'
import type { Shadow } from './shadow.ts'
import type { Trees } from './trees.ts'
import type { UserIndex } from './user-index.ts'
import { durable } from './workbench.ts'
import type { Workbench } from './workbench.ts'

/** What commits are made with. */
export interface CommitParts {
  readonly trees: Trees
  readonly shadow: Shadow
  readonly lock: IndexLock
  readonly index: UserIndex
  readonly verbs: CommitVerbs
}

/** What each engine does in its own way while it commits; the order in which it is done is the same for both. */
export interface CommitVerbs {
  /** A commit that nobody sees yet. */
  commitTree(tree: Oid, parents: readonly Oid[], message: string): Promise<{ readonly oid: Oid } | Failure>
  /** Compares and swaps, with a line in the reflog. moved: it was not at `from` (null: not there) any more. */
  moveRef(move: {
    readonly ref: string
    readonly from: Oid | null
    readonly to: Oid
    readonly reason: string
  }): Promise<'done' | 'moved' | Failure>
  /** Gives a copy of the index the entries that `commit`, which is HEAD by now, has at these paths. */
  renewIndex(copy: string, commit: Oid, paths: readonly PathBytes[]): Promise<Failure | null>
  /** Whether a branch that has moved on still has the commit. */
  branchHas(ref: string, commit: Oid): Promise<boolean>
  /** Why a name was left out of a tree, and what to do. */
  refusedName(path: PathBytes): string
}

/**
 * A commit object, and nothing that points to it. Our messages are UTF-8, whatever the user's are.
 * @param environment whose it is, where that is not configured
 */
export async function makeCommit(
  { git, settings, deadlines }: Pick<Workbench, 'git' | 'settings' | 'deadlines'>,
  { tree, parents, message }: { readonly tree: Oid; readonly parents: readonly Oid[]; readonly message: string },
  environment: Readonly<Record<string, string>> = {},
): Promise<{ readonly oid: Oid } | Failure> {
  // commit-tree is plumbing and does not look at commit.gpgsign itself.
  const sign = (await settings.read()).isTrue('commit.gpgsign') ? ['-S'] : []
  const options = [...sign, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-']
  const answer = await git.run({
    args: [...durable, '-c', 'i18n.commitEncoding=UTF-8', 'commit-tree', ...options, tree],
    input: message,
    environment,
    deadlineMs: sign.length === 0 ? deadlines.plumbingMs : deadlines.signMs,
  })
  return answer.code === 0 ? { oid: answer.stdout.toString('latin1').trim() } : failureOf('commit-tree', answer)
}

export function createNativeVerbs(bench: Workbench, trees: Trees): CommitVerbs {
  const { git, deadlines } = bench
  return {
    refusedName: () => 'git refuses this name: rename it',
    commitTree: (tree, parents, message) => makeCommit(bench, { tree, parents, message }),
    moveRef: async ({ ref, from, to, reason }) => {
      const args = [...durable, 'update-ref', '-m', reason, '--create-reflog', ref, to, from ?? '0'.repeat(to.length)]
      const answer = await bench.claims.during({ refs: [ref, 'HEAD'], to }, () =>
        git.run({ args, deadlineMs: deadlines.plumbingMs }),
      )
      if (answer.code === 0) return 'done'
      const moved = /but expected|reference already exists|unable to resolve reference/.test(answer.stderr)
      return moved ? 'moved' : failureOf('update-ref', answer)
    },
    renewIndex: (copy, _commit, paths) => moveOn(bench, trees, copy, paths),
    branchHas: async (ref, commit) => {
      const args = ['merge-base', '--is-ancestor', commit, ref]
      const answer = await git.run({ args, deadlineMs: deadlines.plumbingMs })
      if (answer.fault !== null) throw repositoryError(failureOf('merge-base', answer))
      return answer.code === 0
    },
  }
}
