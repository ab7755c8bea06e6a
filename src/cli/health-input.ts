import { SyncError } from '../errors.ts'
import type { Check, HealthInput } from '../health/health.ts'
import type { Context } from './context.ts'
import { exitCode } from './exit-code.ts'
import { checksText } from './messages/health.ts'
import { findWorkspace } from './workspace.ts'

/** What asks the remote gives up sooner than the daemon: somebody waits. */
const deadlines = { listMs: 15_000 }

/**
 * Looks at a workspace without writing to it. A work tree that git refuses to open is a finding.
 * @throws SyncError `repository` for a folder that is none, and what `look` throws
 */
export async function withHealthInput<T>(
  context: Context,
  look: (input: HealthInput) => Promise<T>,
): Promise<{ readonly value: T } | { readonly unopened: Check }> {
  const { directory, env, home, sets, version, clock, cwd } = context
  const { openRepository } = await import('../git/git.ts')
  const workspace = findWorkspace(directory)
  let engine
  try {
    engine = await openRepository(directory, { environment: env, readOnly: true, deadlines })
  } catch (error) {
    if (!(error instanceof SyncError) || workspace === null) throw error
    const { unopened } = await import('../health/health.ts')
    return { unopened: unopened(error) }
  }
  try {
    const configInput = { workspace: engine.repository.root, home, env, sets }
    return { value: await look({ engine, configInput, version, clock, cwd }) }
  } finally {
    await engine.close()
  }
}

/** @returns the exit code: 1 as soon as one of them failed. */
export function answerChecks(context: Context, checks: readonly Check[], more: object = {}): number {
  const ok = checks.every(({ outcome }) => outcome !== 'fail')
  context.answer({ ok, checks, ...more }, checksText(checks, context.color))
  return ok ? exitCode.done : exitCode.failed
}
