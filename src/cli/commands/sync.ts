import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Run } from '../context.ts'
import { argumentHelp, exampleText, help, optionHelp } from '../help.ts'
import { noDaemonError, requireWorkspace, workspacePaths } from '../locate.ts'
import { answerSync } from '../sync-answer.ts'

export function registerSync(program: Command, run: Run): void {
  program
    .command('sync')
    .description(help.sync.summary)
    .argument('[path...]', `${argumentHelp['path']} (default: everything)`)
    .option('--replace-remote', optionHelp.replaceRemote)
    .option('--discard <commit>', optionHelp.discard)
    .addHelpText('after', exampleText(help.sync.example))
    .action(
      run(async (context, { args, options }) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const asked = workspacePaths(root, context.directory, args)
        const paths = asked.length === 0 || asked.some((path) => path === '') ? null : asked
        const { ask } = await import('../../control/control.ts')
        const replaceRemote = options['replaceRemote'] === true
        const result = await ask(stateDir, 'sync', { paths, replaceRemote, ...discarded(options, replaceRemote) })
        if (result === 'no-daemon') throw noDaemonError(root)
        return answerSync(context, result)
      }),
    )
}

/** @throws SyncError `usage`: a word too much is no word to throw anything away. */
function discarded(options: Readonly<Record<string, unknown>>, replaceRemote: boolean): { readonly discard?: string } {
  const discard = options['discard']
  if (typeof discard !== 'string') return {}
  const hint = 'as workspace-sync sync --replace-remote says it'
  if (!replaceRemote) throw new SyncError('usage', '--discard goes with --replace-remote', hint)
  if (!/^[0-9a-f]{7,64}$/.test(discard)) throw new SyncError('usage', `--discard ${discard}: no id of a commit`, hint)
  return { discard }
}
