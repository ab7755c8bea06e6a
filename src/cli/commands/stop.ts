import type { Command } from 'commander'
import type { Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { noDaemonError, requireWorkspace } from '../locate.ts'
import { stopped } from '../messages.ts'
import { stopDaemon } from '../stopping.ts'

export function registerStop(program: Command, run: Run): void {
  program
    .command('stop')
    .description(help.stop.summary)
    .addHelpText('after', exampleText(help.stop.example))
    .action(
      run(async (context) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const daemon = await stopDaemon(context, stateDir)
        if (daemon === null) throw noDaemonError(root)
        context.answer({ stopped: true, pid: daemon.pid }, stopped(daemon.pid))
        return exitCode.done
      }),
    )
}
