import { shellWord } from '../shell.ts'
import type { Failure } from '../types.ts'
import { fail, pass, warn, type Check } from './check.ts'
import type { ConfigurationFact, HealthFacts, OperationsFact, RemoteFact, RepositoryFact } from './facts.ts'
import { ageText, sizeText, typedHint } from './words.ts'

type Judged = Omit<Check, 'name'>

export function judgeRepository(facts: HealthFacts, fact: RepositoryFact): Judged {
  const { git } = facts.typed
  const { result, depth } = fact
  if (result.kind === 'broken') {
    const again = fact.remote === null ? null : `${git} fetch --refetch ${shellWord(fact.remote)}`
    const detail = `objects of the repository are damaged or missing: ${result.detail}`
    return fail(detail, again ?? `${git} fsck --full  # names them all; bring them back from a backup or another clone`)
  }
  if (result.kind === 'late') {
    const spent = `the check of ${sizeText(fact.sizeBytes)} of objects did not end within ${ageText(fact.deadlineMs)}`
    return warn(spent, `${git} fsck --full`)
  }
  const what = depth === 'all' ? 'every object is whole' : 'everything that branches lead to is there'
  const ageMs = facts.nowMs - fact.checkedAtMs
  return pass(ageMs < 60_000 ? what : `${what} (checked ${ageText(ageMs)} ago)`)
}

/** A lock has a check of its own. */
export function judgeOperations(facts: HealthFacts, { pauses }: OperationsFact): Judged {
  const [first] = pauses.filter(({ name }) => name !== 'locked')
  if (first === undefined) return pass('no merge, rebase or the like is under way')
  const command = `${facts.typed.git} ${first.command ?? 'status'}`
  const caution = command.endsWith('--abort') ? '  # gives up what was begun; to finish it, see beside it' : ''
  return warn(`nothing is committed: ${first.detail}`, `${command}${caution}`)
}

export function judgeIdentity({ typed }: HealthFacts, { failure }: { readonly failure: Failure | null }): Judged {
  if (failure === null) return pass('commits have an author')
  if (failure.name !== 'identity') return fail(failure.detail, typedHint(failure.hint))
  const remedy = `${typed.git} config user.name "Your Name" && ${typed.git} config user.email you@example.com`
  return fail(`git does not know in whose name to commit: ${failure.detail}`, remedy)
}

export function judgeConfiguration({ typed }: HealthFacts, { mistakes, warnings, waiting }: ConfigurationFact): Judged {
  const [first] = mistakes
  if (first !== undefined) {
    const more = mistakes.length > 1 ? ` (and ${mistakes.length - 1} more)` : ''
    return fail(`${first}${more}`, `${typed.program} config check; ${typed.program} filters check`)
  }
  const [doubt] = warnings
  if (doubt === undefined) return pass('settings and rules have no mistake')
  const acked = waiting.length === 0 ? null : `${typed.program} ack ${waiting.map(shellWord).join(' ')}`
  const remedy = acked ?? /`([^`]+)`/.exec(doubt)?.[1] ?? `${typed.program} config check`
  return warn(warnings.length > 1 ? `${doubt} (and ${warnings.length - 1} more)` : doubt, remedy)
}

export function judgeRemote({ typed, operations }: HealthFacts, fact: RemoteFact): Judged {
  switch (fact.kind) {
    case 'off':
      return pass('push.enabled is false: commits stay here, as wanted')
    case 'detached':
      // A rebase or a bisect does that too, and git switches to no branch before it is over.
      return warn('HEAD is on no branch, so nothing is pushed', `${typed.git} ${detachedBy(operations) ?? 'status'}`)
    case 'no-upstream': {
      const { branch, remote } = fact
      const push = `${typed.git} push -u ${shellWord(remote)} ${shellWord(branch)}`
      const add = fact.isKnown ? '' : `${typed.git} remote add ${shellWord(remote)} <address> && `
      return warn(`branch ${branch} has no upstream: its commits stay here`, `${add}${push}`)
    }
    case 'failed':
      return fail(`${fact.address}: ${fact.failure.name}: ${fact.failure.detail}`, remoteRemedy(typed.git, fact))
    case 'answered': {
      if (fact.tip !== null) return pass(`${fact.address} answered in ${Math.round(fact.tookMs)} ms`)
      const detail = `${fact.address} answered, and has no branch ${fact.branch} yet`
      return warn(detail, `${typed.git} push ${shellWord(fact.remote)} HEAD:${shellWord(fact.branch)}`)
    }
  }
}

function detachedBy(operations: HealthFacts['operations']): string | null {
  return 'unseen' in operations ? null : (operations.pauses[0]?.command ?? null)
}

/** What is typed by hand may ask on the terminal, which the daemon may not. */
function remoteRemedy(git: string, { failure, remote }: Extract<RemoteFact, { kind: 'failed' }>): string {
  const byHand = `${git} ls-remote ${shellWord(remote)}`
  if (askedByHand.has(failure.name)) return byHand
  if (failure.name === 'authentication' || failure.name === 'prompt-needed') {
    return `${git} config credential.helper store && ${byHand}`
  }
  if (failure.name === 'no-such-remote') return `${git} remote set-url ${shellWord(remote)} <address>`
  return typedHint(failure.hint)
}

const askedByHand: ReadonlySet<string> = new Set(['unreachable', 'timeout', 'rate-limit', 'host-key'])
