/** Commits that people made are pushed too, and nobody has looked into them yet. */
import type { EvidenceRoom } from '../evidence/evidence.ts'
import type { GitEngine, Head } from '../git/git.ts'
import {
  judgeInTurn,
  lookIntoSent,
  outgoingLimits,
  secretsText,
  sentFiles,
  type SentFile,
} from '../outgoing/outgoing.ts'
import type { Clock } from '../platform/platform.ts'
import { shellPath } from '../shell.ts'
import type { Failure, Oid } from '../types.ts'
import { isAcknowledged, type Acknowledgement } from './acknowledged.ts'
import type { Board, Parts } from './board.ts'
import type { State } from './state-schema.ts'
import type { Made } from './push-steps.ts'
import { followed, lastTip, type Followed } from './remote-tips.ts'

/** Files named in one sentence; more are counted. */
const namedMax = 10

export interface SentSecret extends SentFile {
  /** What was found, in words. */
  readonly text: string
}

export interface SentLook {
  readonly engine: GitEngine
  readonly evidence: EvidenceRoom
  readonly clock: Clock
  readonly maxFileBytes: number
  readonly acknowledged: readonly Acknowledgement[]
}

/**
 * The files with secrets that a push of `tip` would send, but for those that somebody answers for.
 * @param known commits that the remote is known to have
 * @returns isWhole false: it was too much to look through
 */
async function sentSecrets(
  { engine, evidence, clock, maxFileBytes, acknowledged }: SentLook,
  tip: Oid,
  known: readonly Oid[],
): Promise<{ readonly found: readonly SentSecret[]; readonly isWhole: boolean }> {
  const startedMs = clock.monotonicMs()
  const { commits: commitsMax, totalMs } = outgoingLimits
  // What any remote has somebody has published.
  const range = { tips: [tip], known, remote: '*', commitsMax, deadlineMs: totalMs }
  const { changes, isCut } = await engine.survey.outgoing(range)
  const files = sentFiles(changes).filter(({ path, oid }) => !isAcknowledged(acknowledged, path, oid, null))
  const isLate = (): boolean => clock.monotonicMs() - startedMs > totalMs
  const judged = await judgeInTurn(files, {
    bytesMax: maxFileBytes,
    isLate,
    sizeOf: async ({ oid }) => (await engine.blobSize(oid)) ?? 0,
    judge: async (file) => {
      const { secrets } = await lookIntoSent(evidence, file, maxFileBytes)
      return secrets.length === 0 ? null : { ...file, text: secretsText(secrets) }
    },
  })
  const found: SentSecret[] = []
  for (const secret of judged) {
    if (secret === null) continue
    // What there is no time left to ask for counts as new.
    const wasThere = !isLate() && (await isThere(engine, secret.oid, known, totalMs))
    if (!wasThere) found.push(secret)
  }
  return {
    found,
    isWhole: !isCut && judged.length === files.length,
  }
}

/** What is brought back, by an undo or a revert, was public before. */
async function isThere(engine: GitEngine, blob: Oid, known: readonly Oid[], deadlineMs: number): Promise<boolean> {
  for (const tip of known) if (await engine.survey.knows(tip, blob, deadlineMs)) return true
  return false
}

/** What a push of the checked-out branch to its upstream is kept back for. */
export async function sentFromHere(
  look: SentLook,
  { ref, oid }: Head,
  tips: State['tips'],
): Promise<readonly SentSecret[]> {
  const { engine } = look
  if (ref === null || oid === null || engine.name === 'embedded') return []
  const branch = await followed(look, ref)
  if (branch.upstream === null) return []
  const last = lastTip({ state: { value: { tips } } }, branch)
  return (await sentSecrets(look, oid, last === null ? [] : [last])).found
}

/**
 * Why `oid` is not pushed: a commit on the way has a secret that nobody answers for. Who committed it may not have seen
 * it yet, and what is pushed once is public. What this daemon commits was looked into before.
 */
export async function secretOnTheWay(parts: Parts, board: Board, branch: Followed, oid: Oid): Promise<Failure | null> {
  const { engine, evidence, clock, config, state, report } = parts
  const { upstream } = branch
  // Without git there is no such look.
  if (upstream === null || engine.name === 'embedded') return null
  const known = [lastTip(parts, branch), board.lookedThrough].flatMap((tip) => tip ?? [])
  if (!isOursSince(known, board.unpushed, oid)) {
    const { maxFileSizeBytes: maxFileBytes } = config.guard
    const { acknowledged } = state.value
    const look = { engine, evidence, clock, maxFileBytes, acknowledged }
    const { found, isWhole } = await sentSecrets(look, oid, known)
    if (found.length > 0) return failureOf(found, oid)
    if (!isWhole) report({ kind: 'notice', text: notAll })
  }
  board.lookedThrough = oid
  return null
}

/** Every commit between is one that this daemon made, file by file. */
export function isOursSince(known: readonly Oid[], made: readonly Made[], oid: Oid): boolean {
  const bases = new Map(made.map((one) => [one.oid, one.base]))
  let at: Oid | null = oid
  while (at !== null && !known.includes(at)) {
    const base = bases.get(at)
    if (base === undefined) return false
    at = base
  }
  return true
}

const notAll =
  'so much is pushed at once that not all of it was searched for secrets; see workspace-sync health --pre-push'

function failureOf(found: readonly SentSecret[], head: Oid): Failure {
  const named = found.slice(0, namedMax)
  const words = [...new Set(named.map(({ path }) => shellPath(path)))].join(' ')
  const places = named.map(({ path, commit, text }) => `${shellPath(path)} in commit ${commit.slice(0, 10)} (${text})`)
  const more = found.length > named.length ? ` and ${found.length - named.length} more` : ''
  const [first] = named
  const rewrite =
    found.every(({ commit }) => commit === head) || first === undefined
      ? `git rm --cached -- ${words} && git commit --amend --no-edit --allow-empty`
      : `git rebase -i ${first.rebaseFrom}`
  return {
    name: 'secret-in-commit',
    detail: `what would be pushed looks like it holds a secret: ${places.join(', ')}${more}`,
    hint: `take it out: ${rewrite}, or if it may be shared: workspace-sync ack ${words}`,
    heals: 'person',
  }
}
