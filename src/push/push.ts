/** One attempt to bring a commit to the remote. Whether and when to try again is decided elsewhere. */
import type { GitEngine } from '../git/git.ts'
import type { Oid, PushOutcome } from '../types.ts'
import { noUpstream, userCommitsWait, viewOfTip } from './outcome.ts'
import type { Verified } from './outcome.ts'

export { createKnock, type Knock } from './knock.ts'
export type { Verified } from './outcome.ts'

/**
 * Pushes exactly this commit, whatever HEAD is by now.
 * @param userCommits false: when commits that people made would go along, nothing is pushed
 * @param onto an ancestor that the remote's branch has to be on; null: any will do
 */
export async function pushCommit(
  engine: GitEngine,
  ref: string,
  oid: Oid,
  userCommits: boolean,
  onto: Oid | null = null,
): Promise<PushOutcome> {
  const upstream = await engine.upstream(ref)
  if (upstream === null) return noUpstream(ref)
  if (!userCommits) {
    const seen = await engine.remoteTip(upstream.remote, upstream.ref)
    if ('name' in seen) return { kind: 'failed', failure: seen }
    const others = await engine.commitsOfOthers(oid, seen.tip)
    if (others > 0) return userCommitsWait(others)
  }
  return engine.push({ remote: upstream.remote, upstreamRef: upstream.ref, oid, ...leaseOf(onto) })
}

/**
 * On a person's word: puts the commit in the place of `replaces`, and of nothing else that may be there by now.
 * @param replaces null: there is no such branch
 */
export async function replaceRemote(
  engine: GitEngine,
  ref: string,
  oid: Oid,
  replaces: Oid | null,
): Promise<PushOutcome> {
  const upstream = await engine.upstream(ref)
  if (upstream === null) return noUpstream(ref)
  return engine.push({ remote: upstream.remote, upstreamRef: upstream.ref, oid, ...leaseOf(replaces) })
}

function leaseOf(oid: Oid | null): { readonly replaces?: Oid } {
  return oid === null ? {} : { replaces: oid }
}

/**
 * How a commit and the remote's branch stand to each other, asked of the remote just now.
 * @param oid null: the branch is unborn
 * @param pushes whether the commit is to be wherever the remote is pushed to
 */
export async function verifyRemote(engine: GitEngine, ref: string, oid: Oid | null, pushes = true): Promise<Verified> {
  const upstream = await engine.upstream(ref)
  if (upstream === null) return noUpstream(ref)
  const answer = await engine.remoteTip(upstream.remote, upstream.ref)
  if ('name' in answer) return { kind: 'failed', failure: answer }
  const { tip } = answer
  if (tip === null && oid === null) return { kind: 'view', ahead: 0, behind: 0, tip }
  if (tip === null) return viewOfTip(tip)
  if (tip === oid) {
    const lacks = pushes && !(await engine.isEverywhere(upstream.remote, upstream.ref, oid))
    return lacks ? { kind: 'view', ahead: 1, behind: 0, tip } : viewOfTip(tip)
  }
  const view = await engine.compare(oid, tip, upstream)
  return 'name' in view ? { kind: 'failed', failure: view } : { kind: 'view', ...view, tip }
}
