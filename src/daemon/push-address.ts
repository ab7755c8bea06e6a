/** A remote with an address of its own for pushes (`pushurl`, `pushInsteadOf`), which may be another repository. */
import { isPartOf, type Upstream } from '../git/git.ts'
import { shellWord } from '../shell.ts'
import type { Failure, Oid, PushOutcome } from '../types.ts'
import type { Parts } from './board.ts'
import { lastTip, type Followed } from './remote-tips.ts'

/**
 * What came of a push, asked of where commits come from: a fork that is pushed to has them and that place has not, and
 * what is not there would look like history that somebody took away.
 */
export async function arrived(parts: Parts, branch: Followed, oid: Oid, outcome: PushOutcome): Promise<PushOutcome> {
  const { ref, upstream } = branch
  if (outcome.kind === 'failed' || upstream === null || upstream.asked === null) return outcome
  const seen = await parts.engine.remoteTip(upstream.remote, upstream.ref)
  if ('name' in seen) return { kind: 'failed', failure: seen }
  const { tip } = seen
  if (tip === oid) return outcome
  // Somebody else's commit of the same moment is no sign, nor is a push by hand that was not noticed yet.
  const last = lastTip(parts, branch)
  const isOlder = tip === null || (await isPartOf(parts.engine, tip, oid))
  if (!isOlder || (outcome.kind === 'behind' && tip !== null && last !== null && tip !== last)) return outcome
  return { kind: 'failed', failure: elsewhere(ref, upstream.address, upstream.asked) }
}

function elsewhere(ref: string, address: string, asked: NonNullable<Upstream['asked']>): Failure {
  const from = `commits come from ${asked.address} (url)`
  const branch = shellWord(ref.replace(/^refs\/heads\//, ''))
  return {
    name: 'push-elsewhere',
    detail: `pushes go to ${address} (${asked.by}), ${from}, and these are two repositories`,
    hint:
      `to push to where commits come from: ${asked.remedy}; ` +
      `to sync with the other: git remote add fork ${shellWord(address)} && git push -u fork ${branch}`,
    heals: 'person',
  }
}
