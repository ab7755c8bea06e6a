import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Check, HealthInput } from '../../health/health.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { answerChecks, withHealthInput } from '../health-input.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { refusalText, usageOf } from '../messages/health.ts'

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
    return answerChecks(context, await checksOf(context, checkHealth))
  }
  const isHook = given.options['hook'] === true
  const lines = isHook || given.options['stdin'] === true ? linesOnStdin() : null
  const [remote = null, address = null] = given.args
  // git runs its hooks at the root, wherever the push was typed.
  const cwd = isHook ? join(context.cwd, context.env['GIT_PREFIX'] ?? '.') : context.cwd
  const checks = await checksOf(context, (input) => checkPush({ ...input, cwd: resolve(cwd), lines, remote, address }))
  return isHook ? answerHook(context, checks) : answerChecks(context, checks)
}

/** Standard output belongs to whoever pushes. */
function answerHook(context: Context, checks: readonly Check[]): number {
  context.err(refusalText(checks))
  return checks.some(({ outcome }) => outcome === 'fail') ? refusalCode : exitCode.done
}

async function checksOf(
  context: Context,
  look: (input: HealthInput) => Promise<readonly Check[]>,
): Promise<readonly Check[]> {
  const looked = await withHealthInput(context, look)
  return 'unopened' in looked ? [looked.unopened] : looked.value
}

function linesOnStdin(): readonly string[] {
  return readFileSync(0, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
}
