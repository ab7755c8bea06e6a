import { tmpdir } from 'node:os'
import type { Command } from 'commander'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { answerChecks, withHealthInput } from '../health-input.ts'
import { fixedText } from '../messages/doctor.ts'
import { checksText } from '../messages/health.ts'
import { ownProgram } from '../own-program.ts'

export function registerDoctor(program: Command, run: Run): void {
  program
    .command('doctor')
    .description(help.doctor.summary)
    .option('--fix', optionHelp.fix)
    .addHelpText('after', exampleText(help.doctor.example))
    .action(run(doctor))
}

async function doctor(context: Context, given: Given): Promise<number> {
  const [{ diagnose }, { openRepository }] = await Promise.all([
    import('../../health/health.ts'),
    import('../../git/git.ts'),
  ])
  const { directory, env } = context
  const found = await withHealthInput(context, (input) =>
    diagnose({
      ...input,
      temporaryDir: tmpdir(),
      node: process.execPath,
      program: ownProgram,
      fix: given.options['fix'] === true,
      openToWrite: () => openRepository(directory, { environment: env }),
    }),
  )
  if ('unopened' in found) return answerChecks(context, [found.unopened], { fixed: [] })
  const { checks, fixed } = found.value
  const ok = checks.every(({ outcome }) => outcome !== 'fail')
  context.answer({ ok, checks, fixed }, `${fixedText(fixed)}${checksText(checks, context.color)}`)
  return ok ? exitCode.done : exitCode.failed
}
