import type { Command } from 'commander'
import type { StartedWith } from '../../daemon/daemon.ts'
import { SyncError } from '../../errors.ts'
import { startBehind, startedWith } from '../background.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { loadInForce } from '../in-force.ts'
import { requireWorkspace } from '../locate.ts'
import { restarted, startedMeanwhile } from '../messages/restart.ts'
import { stopDaemon } from '../stopping.ts'

export function registerRestart(program: Command, run: Run): void {
  program
    .command('restart')
    .description(help.restart.summary)
    .addHelpText('after', exampleText(help.restart.example))
    .action(
      run(async (context) => {
        const { stateDir } = requireWorkspace(context.directory)
        const { stateAtRest } = await import('../../daemon/daemon.ts')
        const options = merged(stateAtRest.read(stateDir)?.startedWith ?? null, startedWith(context, true))
        await checkFirst(context, options)
        const previous = await stopDaemon(context, stateDir, true)
        const { kind, pid, standing } = await startBehind(context, options)
        if (kind === 'running') {
          const { message, hint } = startedMeanwhile(pid)
          throw new SyncError('lock', message, hint)
        }
        const kept = [...(options.push ? [] : ['--no-push']), ...options.sets.flatMap((set) => ['--set', set])]
        const previousPid = previous?.pid ?? null
        const text = restarted(pid, previousPid, kept, standing)
        context.answer({ running: true, pid, previousPid, options: kept, ...standing }, text)
        return exitCode.done
      }),
    )
}

/** What it was started with last time, and on top of it what is given now. */
function merged(before: StartedWith | null, now: StartedWith): StartedWith {
  if (before === null) return now
  const sets = [...before.sets.filter((set) => !now.sets.includes(set)), ...now.sets]
  return { sets, push: before.push, environment: { ...before.environment, ...now.environment } }
}

/** A daemon that could not be started again is not stopped. @throws SyncError as its start would. */
async function checkFirst(context: Context, options: StartedWith): Promise<void> {
  const { buildClassifier } = await import('../../daemon/daemon.ts')
  const env = { ...context.env, ...options.environment }
  const { loaded } = await loadInForce({ ...context, env, sets: options.sets })
  buildClassifier(loaded.config, loaded.ruleFiles)
}
