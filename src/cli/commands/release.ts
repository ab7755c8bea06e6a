import type { Command } from 'commander'
import type { Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { noDaemonError, requireWorkspace, workspacePaths } from '../locate.ts'
import { notQuarantined, released } from '../messages.ts'

export function registerRelease(program: Command, run: Run): void {
  program
    .command('release')
    .description(help.release.summary)
    .argument('<path...>')
    .addHelpText('after', exampleText(help.release.example))
    .action(
      run(async (context, { args }) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const paths = workspacePaths(root, context.directory, args)
        const [{ ask }, { pathText }] = await Promise.all([
          import('../../control/control.ts'),
          import('../../types.ts'),
        ])
        const answer = await ask(stateDir, 'release', { paths })
        if (answer === 'no-daemon') throw noDaemonError(root)
        const unaffected = answer.unaffected.map(pathText)
        if (context.json) context.answer({ patterns: answer.patterns, unaffected }, '')
        else if (answer.patterns.length > 0) context.answer(null, released(answer.patterns))
        if (!context.json) for (const path of unaffected) context.warn(notQuarantined(path))
        return answer.patterns.length > 0 ? exitCode.done : exitCode.failed
      }),
    )
}
