import type { Command } from 'commander'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { fitted } from '../fitted.ts'
import { requireWorkspace } from '../locate.ts'
import { notRunningJson, notRunningText } from '../messages.ts'
import { readStatus } from '../quick-status.ts'
import { statusText } from '../status-text.ts'
import type { Workspace } from '../workspace.ts'

const redrawMs = 1_000
const clearScreen = '\u001b[H\u001b[2J\u001b[3J'

export function registerStatus(program: Command, run: Run): void {
  program
    .command('status')
    .description(help.status.summary)
    .option('--watch', optionHelp.watch)
    .addHelpText('after', exampleText(help.status.example))
    .action(
      run(async (context, { options }) => {
        const workspace = requireWorkspace(context.directory)
        if (options['watch'] !== true) return showStatus(context, workspace)
        while (!context.isOutputClosed()) {
          const size = context.size?.() ?? null
          if (context.interactive && !context.json && context.env['TERM'] !== 'dumb') context.out(clearScreen)
          showStatus(context, workspace, (text) => (size === null ? text : fitted(text, size.columns, size.rows)))
          await new Promise<void>((resolve) => context.clock.after(redrawMs, resolve))
        }
        return exitCode.done
      }),
    )
}

function showStatus(context: Context, { root, stateDir }: Workspace, fit = (text: string): string => text): number {
  const nowMs = context.clock.nowMs()
  const report = readStatus(stateDir, nowMs)
  if (report === null) {
    context.answer(JSON.parse(notRunningJson(root)), notRunningText())
    return exitCode.noDaemon
  }
  context.answer(report, fit(statusText(report, nowMs, context.color)))
  return exitCode.done
}
