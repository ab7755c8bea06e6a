import type { Command } from 'commander'
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
    .addHelpText('after', exampleText(help.sync.example))
    .action(
      run(async (context, { args, options }) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const asked = workspacePaths(root, context.directory, args)
        const paths = asked.length === 0 || asked.some((path) => path === '') ? null : asked
        const { ask } = await import('../../control/control.ts')
        const result = await ask(stateDir, 'sync', { paths, replaceRemote: options['replaceRemote'] === true })
        if (result === 'no-daemon') throw noDaemonError(root)
        return answerSync(context, result)
      }),
    )
}
