import { readFileSync } from 'node:fs'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Check, HealthInput } from '../../health/health.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { checksText, refusalText, usageOf } from '../messages/health.ts'
import { findWorkspace } from '../workspace.ts'

/** What asks the remote gives up sooner than the daemon: somebody waits. */
const deadlines = { listMs: 15_000 }
/** Told apart from the 1 of a program that broke: only findings may refuse a push. */
const refusalCode = 10

export function registerHealth(program: Command, run: Run): void {
  program
    .command('health')
    .description(help.health.summary)
    .argument('[remote]')
    .argument('[address]')
    .option('--pre-push', optionHelp.prePush)
    .option('--stdin', optionHelp.prePushStdin)
    .option('--hook', optionHelp.hook)
    .addHelpText('after', exampleText(help.health.example))
    .action(run(health))
}

async function health(context: Context, given: Given): Promise<number> {
  const { checkHealth, checkPush } = await import('../../health/health.ts')
  if (given.options['prePush'] !== true) {
    if (given.args.length > 0 || given.options['stdin'] === true || given.options['hook'] === true) {
      throw new SyncError('usage', usageOf.message, usageOf.hint)
    }
    return answerChecks(context, await withHealthInput(context, checkHealth))
  }
  const isHook = given.options['hook'] === true
  const lines = isHook || given.options['stdin'] === true ? linesOnStdin() : null
  const [remote = null, address = null] = given.args
  const checks = await withHealthInput(context, (input) => checkPush({ ...input, lines, remote, address }))
  return isHook ? answerHook(context, checks) : answerChecks(context, checks)
}

/** Standard output belongs to whoever pushes. */
function answerHook(context: Context, checks: readonly Check[]): number {
  context.err(refusalText(checks))
  return checks.some(({ outcome }) => outcome === 'fail') ? refusalCode : exitCode.done
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
  const { directory, env, home, sets, version, clock, cwd } = context
  const { openRepository } = await import('../../git/git.ts')
  const workspace = findWorkspace(directory)
  try {
    const engine = await openRepository(directory, { environment: env, readOnly: true, deadlines })
    try {
      const configInput = { workspace: engine.repository.root, home, env, sets }
      return await look({ engine, configInput, version, clock, cwd })
    } finally {
      await engine.close()
    }
  } catch (error) {
    if (!(error instanceof SyncError) || error.kind === 'usage' || workspace === null) throw error
    const { unopened } = await import('../../health/health.ts')
    return [unopened(error)]
  }
}

function linesOnStdin(): readonly string[] {
  return readFileSync(0, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}
