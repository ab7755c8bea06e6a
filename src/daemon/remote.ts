import { isPartOf } from '../git/git.ts'
import { pushCommit, verifyRemote } from '../push/push.ts'
import type { ScheduleInput } from '../schedule/schedule.ts'
import type { Failure, Oid, PushOutcome } from '../types.ts'
import type { Board, Parts } from './board.ts'
import { isListed } from './conditions.ts'
import { mirrorConflicts } from './mirror.ts'
import { secretOnTheWay } from './outgoing.ts'
import { stepsOf, type Made } from './push-steps.ts'
import { arrived } from './push-address.ts'
import { followed, isEmptiedHere, lastTip, lostTip, seenTip, type Followed } from './remote-tips.ts'
import { foreignCommits } from './rewritten.ts'

/** One push of the commit that HEAD is on. */
export async function push(parts: Parts, board: Board): Promise<ScheduleInput> {
  const { ref, oid } = await parts.engine.head()
  if (ref === null || oid === null || !isListed(parts, ref))
    return { kind: 'push-done', outcome: { kind: 'failed', failure: nothingToPush } }
  const startedMs = parts.clock.monotonicMs()
  const made = board.unpushed
  const branch = await followed(parts, ref)
  const secret = await secretOnTheWay(parts, board, branch, oid)
  if (secret !== null) return { kind: 'push-done', outcome: { kind: 'failed', failure: secret } }
  const outcome = await arrived(parts, branch, oid, await pushUpTo(parts, branch, oid, made))
  if (outcome.kind === 'pushed' || (isThere(outcome) && board.lastPush?.oid !== oid)) {
    board.unpushed = board.unpushed.slice(made.length)
    board.counters.pushes += 1
    board.lastPush = { oid, atMs: parts.clock.nowMs() }
    seenTip(parts, branch, oid)
    await mirrorConflicts(parts, board, ref)
    parts.report({ kind: 'pushed', oid, tookMs: parts.clock.monotonicMs() - startedMs })
  }
  return { kind: 'push-done', outcome }
}

/**
 * In steps where much has gathered, as it does while a slow push runs: a host that refuses gigabytes at once takes them
 * one after the other. A commit that is no longer part of the branch, since somebody rewrote it, is no step.
 */
async function pushUpTo(parts: Parts, branch: Followed, oid: Oid, made: readonly Made[]): Promise<PushOutcome> {
  const { engine, config } = parts
  const { ref } = branch
  let onto = await lastBelow(parts, branch, oid)
  for (const step of stepsOf(made, 2 * config.guard.maxCommitSizeBytes)) {
    if (step === oid || !(await engine.history.isAncestor(step, oid))) continue
    const outcome = await pushCommit(engine, ref, step, config.push.userCommits, onto)
    // Somebody else has pushed it, and more: the last one tells.
    if (outcome.kind === 'behind') break
    if (!isThere(outcome)) return outcome
    onto = onto === null ? null : step
  }
  return pushCommit(engine, ref, oid, config.push.userCommits, onto)
}

/** Only a further place that it is pushed to lacks it. */
function isThere(outcome: PushOutcome): boolean {
  return outcome.kind === 'pushed' || (outcome.kind === 'failed' && outcome.failure.name === 'lagging')
}

/**
 * The remote's branch has to be where it was last seen: a push onto an older commit would bring back what somebody took
 * out over there. null: nothing is known, or this branch is not on top of it, and a push is refused by the remote.
 */
async function lastBelow(parts: Parts, branch: Followed, oid: Oid): Promise<Oid | null> {
  const last = lastTip(parts, branch)
  if (last === null || last === oid) return last
  return (await isPartOf(parts.engine, last, oid)) ? last : null
}

/** A look at the remote's tip: the only thing that makes "in sync" true. */
export async function verify(parts: Parts, board: Board): Promise<ScheduleInput> {
  const { ref, oid } = await parts.engine.head()
  // Nothing that is meant to be there: whether its commits are is not known, and not asked.
  if (ref === null || !isListed(parts, ref)) return { kind: 'verified', view: null, failure: null }
  const branch = await followed(parts, ref)
  // Whoever pushes nothing need not say where to.
  if (branch.upstream === null && !parts.pushEnabled) return { kind: 'verified', view: null, failure: null }
  const isEmptied = isEmptiedHere(parts, branch, oid)
  const last = lastTip(parts, branch)
  const seen = await verifyRemote(parts.engine, ref, oid, parts.pushEnabled)
  if (seen.kind === 'failed') return { kind: 'verified', view: null, failure: seen.failure }
  if (seen.tip !== null) await mirrorConflicts(parts, board, ref)
  if (seen.tip !== null && seen.ahead === 0) board.unpushed = []
  const { tip } = seen
  // Who takes something out over there, or all of it, does not want it to be brought by whoever still has it.
  const isAhead = seen.ahead > 0 && oid !== null
  const gone = isEmptied ? null : last
  const lost = tip === null ? gone : isAhead ? await lostTip(parts.engine, last, oid, tip) : null
  if (lost === null) forgetStale(parts, board, seen)
  else await noteLost(parts, board, { ref, oid, tip, lost })
  if (isEmptied && tip !== null && last !== null)
    board.rewritten = { head: null, tip, lost: last, where: 'here', foreign: [] }
  if (lost === null && tip !== null && seen.behind === 0) seenTip(parts, branch, tip)
  return { kind: 'verified', view: { ahead: seen.ahead, behind: seen.behind }, failure: null }
}

interface Lost {
  readonly ref: string
  readonly oid: Oid | null
  readonly tip: Oid | null
  readonly lost: Oid
}

async function noteLost({ engine }: Parts, board: Board, { ref, oid, tip, lost }: Lost): Promise<void> {
  const foreign = tip === null ? [] : await foreignCommits(engine, ref, { head: oid, tip, had: lost })
  // A commit of ours may have come on top meanwhile, and lost it is all the same.
  const { oid: head } = await engine.head()
  const isOnTop = oid === null || head === oid || (head !== null && (await engine.history.isAncestor(oid, head)))
  if (isOnTop) board.rewritten = { head, tip, lost, where: 'there', foreign }
}

/** What waits for a word about a tip that the remote has no more, or that is here by now, waits no longer. */
function forgetStale(
  { state }: Parts,
  board: Board,
  { tip, behind }: { readonly tip: Oid | null; readonly behind: number },
): void {
  if (board.rewritten !== null && (board.rewritten.tip !== tip || behind === 0)) board.rewritten = null
  const { incoming } = state.value
  if (incoming !== null && (incoming.tip !== tip || behind === 0)) state.update({ incoming: null })
}

/** Only for a moment: the pauses forbid pushes while HEAD is on no branch. */
const nothingToPush: Failure = {
  name: 'unknown',
  detail: 'HEAD is on no commit of a branch that is synced',
  hint: 'switch to one',
  heals: 'backoff',
}
