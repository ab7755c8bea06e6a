import type { Failure } from '../types.ts'
import type { Step, Trouble } from './state.ts'
import { probeDelayMs, retryDelayMs } from './backoff.ts'
import { BEHIND } from './problem.ts'

/** The next state of a trouble after one more failure, with the instant of the next try. */
export function troubled(step: Step, before: Pick<Trouble, 'failure' | 'tries'> | null, failure: Failure): Trouble {
  const { state, nowMs } = step
  const tries = before?.failure.heals === failure.heals ? before.tries + 1 : 1
  if (before !== null) state.retries++
  return { failure, tries, serial: state.serial++, retryAtMs: nowMs + waitMs(step, failure, tries) }
}

function waitMs(step: Step, failure: Failure, tries: number): number {
  const { options } = step.state
  if (failure.heals === 'person') return options.retry.maxMs
  if (failure.heals === 'unreachable') return probeDelayMs(tries, options.probe, step.state)
  return retryDelayMs(tries, options.retry, step.state)
}

/** Tells a failure once: again only when another one came between or it had healed. */
export function tellOnce(step: Step, about: keyof Step['state']['told'], name: string, text: string): void {
  if (step.state.told[about] === name) return
  step.state.told[about] = name
  step.actions.push({ kind: 'notice', text })
}

/** Told when the remote has commits that we lack. */
export const BEHIND_TEXT = `${BEHIND.problem}; ${BEHIND.remedy}`

export function describe(failure: Failure): string {
  return `${failure.detail}: ${failure.hint}`
}
