import type { Command } from 'commander'
import type { Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { noDaemonError, requireWorkspace, workspacePaths } from '../locate.ts'
import { heldPaths, synced, syncProblem } from '../messages.ts'

export function registerSync(program: Command, run: Run): void {
  program
    .command('sync')
    .description(help.sync.summary)
    .argument('[path...]')
    .addHelpText('after', exampleText(help.sync.example))
    .action(
      run(async (context, { args }) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const asked = workspacePaths(root, context.directory, args)
        const paths = asked.length === 0 || asked.some((path) => path === '') ? null : asked
        const [{ ask }, { pathText }] = await Promise.all([
          import('../../control/control.ts'),
          import('../../types.ts'),
        ])
        const result = await ask(stateDir, 'sync', { paths })
        if (result === 'no-daemon') throw noDaemonError(root)
        const held = result.held.map(({ path, reason }) => ({ path: pathText(path), reason }))
        if (context.json) context.answer({ ...result, held }, '')
        else {
          if (held.length > 0) context.err(heldPaths(held))
          if (result.problem !== null) context.err(syncProblem(result.problem))
          else context.answer(null, held.length === 0 ? synced : `${synced}, but for what is held`)
        }
        if (result.problem !== null) return exitCode.failed
        if (held.length > 0) return exitCode.hold
        return result.ok ? exitCode.done : exitCode.failed
      }),
    )
}
