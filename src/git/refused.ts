/** What a push that did not go through says. */
import { join } from 'node:path'
import type { Failure, PushOutcome } from '../types.ts'
import { detailOf, failureOf } from './failures.ts'
import { pushStatus } from './parse.ts'
import type { GitAnswer } from './run.ts'
import type { Workbench } from './workbench.ts'

const overtaken: Failure = {
  name: 'unknown',
  detail: 'the remote branch moved while it was pushed to',
  hint: 'nothing to do: it is asked again',
  heals: 'backoff',
}

export const overtakenRef = /cannot lock ref .* is at [0-9a-f]+ but expected/i

export async function refusedPush(bench: Workbench, answer: GitAnswer): Promise<PushOutcome> {
  const status = pushStatus(answer.stdout.toString('utf8'))
  if (status?.flag === '!' && /\[rejected\] \((?:fetch first|non-fast-forward|stale info)\)/.test(status.summary)) {
    return { kind: 'behind' }
  }
  // Somebody else's push of the same moment came first, such as the user's own.
  if (status?.flag === '!' && overtakenRef.test(status.summary + answer.stderr)) {
    return { kind: 'failed', failure: overtaken }
  }
  const said = status?.flag === '!' ? `${status.summary}\n` : ''
  const failure = failureOf('push', { ...answer, stderr: said + answer.stderr })
  if (failure.name !== 'unknown' || answer.fault !== null) return { kind: 'failed', failure }
  if (status?.flag === '!') {
    const hint = 'see what the remote says and settle it'
    return { kind: 'failed', failure: { ...failure, name: 'rejected', hint, heals: 'person' } }
  }
  return { kind: 'failed', failure: (await refusedHere(bench, answer)) ?? failure }
}

/** When pre-push says no, the remote was never asked and git says nothing but that the push failed. */
async function refusedHere({ settings, disk }: Workbench, answer: GitAnswer): Promise<Failure | null> {
  if (!/^error: failed to push some refs to/m.test(answer.stderr)) return null
  const hook = join((await settings.read()).hooksDirectory, 'pre-push')
  if (disk.identify(hook) === null) return null
  const said = detailOf(answer.stderr.replace(/^error: failed to push some refs.*$/m, ''))
  const detail = `the pre-push hook refused${said === '' ? '' : `: ${said}`}`
  return { name: 'hook-refused', detail, hint: `see ${hook}`, heals: 'person' }
}
