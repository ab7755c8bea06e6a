/**
 * How a workspace fares, asked from the side: with a daemon or without, and without getting in its way. Facts are
 * gathered by the files that touch the world; what they mean is decided by the pure ones.
 */
import type { SyncError } from '../errors.ts'
import type { Check } from './check.ts'
import type { HealthInput } from './gather.ts'
import type { Diagnosis, DoctorInput } from './doctor.ts'
import { healthChecks } from './judge.ts'
import type { Belongings } from './uninstall.ts'
import { typedHint } from './words.ts'

export { checkPush, type PrePushInput } from './pre-push.ts'
export type { HealthInput } from './gather.ts'
export type { Check } from './check.ts'
export type { Fixed } from './doctor.ts'

export async function checkHealth(input: HealthInput): Promise<readonly Check[]> {
  // A push waits for `checkPush`, which needs nothing of the daemon.
  const { gatherHealth } = await import('./gather.ts')
  return healthChecks(await gatherHealth(input))
}

/** A work tree that cannot even be opened. */
export function unopened({ kind, message, hint }: SyncError): Check {
  const isOwnership = message.includes('dubious ownership')
  const name = isOwnership ? 'ownership' : kind === 'system' ? 'git' : 'repository'
  return { name, outcome: 'fail', detail: message, remedy: typedHint(hint) }
}

export async function diagnose(input: DoctorInput): Promise<Diagnosis> {
  return (await import('./doctor.ts')).diagnose(input)
}

/** What of this program is in a repository, and taking it away. */
export const installation = {
  look: async (input: HealthInput): Promise<Belongings> => (await import('./uninstall.ts')).belongings(input),
  takeAway: async (input: HealthInput, found: Belongings): Promise<{ readonly kept: readonly string[] }> =>
    (await import('./uninstall.ts')).takeAway(input, found),
} as const
