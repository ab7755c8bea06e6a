import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { withHealthInput } from '../health-input.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { notOnRemote, uninstalledText, wouldUninstallText } from '../messages/uninstall.ts'
import { stopDaemon } from '../stopping.ts'

export function registerUninstall(program: Command, run: Run): void {
  program
    .command('uninstall')
    .description(help.uninstall.summary)
    .option('--dry-run', optionHelp.uninstallDryRun)
    .option('--force', optionHelp.uninstallForce)
    .addHelpText('after', exampleText(help.uninstall.example))
    .action(run(uninstall))
}

async function uninstall(context: Context, { options }: Given): Promise<number> {
  const { installation } = await import('../../health/health.ts')
  const looked = await withHealthInput(context, async (input) => {
    const found = await installation.look(input)
    const { state, waiting } = found
    if (options['dryRun'] === true) return { ...found, isDone: false, kept: [] }
    const isWaiting = waiting.paths + waiting.held + waiting.commits > 0
    if (isWaiting && state !== null && options['force'] !== true) {
      const { message, hint } = notOnRemote(waiting)
      throw new SyncError('system', message, hint)
    }
    if (state !== null) await stopDaemon(context, state)
    return { ...found, isDone: true, kept: (await installation.takeAway(input, found)).kept }
  })
  if ('unopened' in looked) {
    throw new SyncError('repository', looked.unopened.detail, looked.unopened.remedy ?? 'mend it, then try again')
  }
  const { isDone, hooks, refs, state, sharedWith, kept, waiting } = looked.value
  const names = refs.map(({ name }) => name)
  const answer = { removed: isDone, hooks, refs: names, state, sharedWith, kept, waiting }
  context.answer(answer, (isDone ? uninstalledText : wouldUninstallText)(answer))
  return exitCode.done
}
