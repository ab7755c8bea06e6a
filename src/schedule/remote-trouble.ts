/** A remote that cannot be asked, or that says no. */
import type { Failure } from '../types.ts'
import { awayAt } from './knock.ts'
import { describe, tellOnce, troubled } from './failures.ts'
import { isOfSendingOnly } from './remote-standing.ts'
import type { ScheduleState, Step, Trouble } from './state.ts'

/** Refusals in a row that are answered at once: so often somebody else's push may well have come first. */
const REFUSED_FREE = 3

export function heal(state: ScheduleState): void {
  state.remote.trouble = null
  state.told.remote = null
  state.remote.knockAnswered = false
}

export function fail(
  step: Step,
  failure: Failure,
  before: Pick<Trouble, 'failure' | 'tries'> | null = step.state.remote.trouble,
): void {
  step.state.remote.trouble = { ...troubled(step, before, failure), reached: false }
  if (failure.heals === 'unreachable') awayAt(step.state, step.nowMs)
  // git forgets a stored password that was refused: what follows is the same trouble, and no news. Other secrets are.
  const name = failure.name === 'prompt-needed' ? 'authentication' : failure.name
  const about = name === 'secret-in-commit' ? failure.detail : name
  tellOnce(step, 'remote', about, describe(failure))
}

/**
 * A push came too late. What is there is brought in at once, unless that goes on: where pushes go to another place than
 * looks, or looks are answered with what was so a while ago, nothing that comes in ever helps.
 * @returns whether it goes on
 */
export function refusedAgain(step: Step): boolean {
  const { remote } = step.state
  remote.refused++
  remote.trouble = null
  const tries = remote.refused - REFUSED_FREE
  if (tries <= 0) return false
  const failure = overtaken(remote.refused)
  fail(step, failure, { failure, tries: tries - 1 })
  return true
}

/** The remote answered a look. A push may fail again all the same, so its growing wait is kept until one succeeds. */
export function reached({ state, nowMs }: Step): void {
  const { remote, options } = state
  if (remote.trouble === null || (isOfSendingOnly(state) && remote.unpushed)) return
  const pushFollows = options.push.enabled && remote.unpushed && remote.behind === 0
  if (pushFollows) remote.trouble = { ...remote.trouble, reached: true, retryAtMs: nowMs }
  else heal(state)
}

function overtaken(pushes: number): Failure {
  return {
    name: 'overtaken',
    detail: `the remote refused ${pushes} pushes in a row as older than what it has`,
    hint:
      'nothing to do where others push that often; ' +
      'otherwise see whether pushes and fetches go to the same repository: git remote -v',
    heals: 'backoff',
  }
}
