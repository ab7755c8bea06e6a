import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { HealthInput } from '../../health/health.ts'
import type { Check } from '../../report/report.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { checksText } from '../messages/health.ts'
import { findWorkspace } from '../workspace.ts'
import { typedIn } from '../typed.ts'

/** What asks the remote gives up sooner than the daemon: somebody waits. */
const deadlines = { listMs: 15_000 }

export function registerHealth(program: Command, run: Run): void {
  program
    .command('health')
    .description(help.health.summary)
    .addHelpText('after', exampleText(help.health.example))
    .action(run(health))
}

async function health(context: Context): Promise<number> {
  const { checkHealth } = await import('../../health/health.ts')
  return answerChecks(context, await withHealthInput(context, checkHealth))
}

/** @returns the exit code: 1 as soon as one of them failed. */
function answerChecks(context: Context, checks: readonly Check[]): number {
  const ok = checks.every(({ outcome }) => outcome !== 'fail')
  context.answer({ ok, checks }, checksText(checks, context.color))
  return ok ? exitCode.done : exitCode.failed
}

/** A work tree that git refuses to open is a finding; a folder that is none is wrong use. */
async function withHealthInput(
  context: Context,
  look: (input: HealthInput) => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  const { directory, env, home, sets, version, clock } = context
  const { openRepository } = await import('../../git/git.ts')
  const workspace = findWorkspace(directory)
  try {
    const engine = await openRepository(directory, { environment: env, readOnly: true, deadlines })
    try {
      const { root } = engine.repository
      const configInput = { workspace: root, home, env, sets }
      return await look({ engine, configInput, version, clock, typed: typedIn(context.cwd, root) })
    } finally {
      await engine.close()
    }
  } catch (error) {
    if (!(error instanceof SyncError) || workspace === null) throw error
    const { typedHint } = await import('../../report/report.ts')
    const isOwnership = error.message.includes('dubious ownership')
    const name = isOwnership ? 'ownership' : error.kind === 'system' ? 'git' : 'repository'
    return [{ name, outcome: 'fail', detail: error.message, remedy: typedHint(error.hint) }]
  }
}
