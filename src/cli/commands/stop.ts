import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import { processes, type ProcessIdentity } from '../../platform/platform.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { noDaemonError, requireWorkspace } from '../locate.ts'
import { stillRunning, stopped } from '../messages.ts'

/** A commit is finished and a push ended first, which takes as long as git's own deadlines at most. */
const endMsMax = 60_000
const lookMs = 25

export function registerStop(program: Command, run: Run): void {
  program
    .command('stop')
    .description(help.stop.summary)
    .addHelpText('after', exampleText(help.stop.example))
    .action(
      run(async (context) => {
        const { root, stateDir } = requireWorkspace(context.directory)
        const daemon = (await askToStop(stateDir)) ?? (await signalToStop(stateDir))
        if (daemon === null) throw noDaemonError(root)
        await untilGone(context, daemon)
        context.answer({ stopped: true, pid: daemon.pid }, stopped(daemon.pid))
        return exitCode.done
      }),
    )
}

async function askToStop(stateDir: string): Promise<ProcessIdentity | null> {
  const { ask } = await import('../../control/control.ts')
  try {
    const answer = await ask(stateDir, 'stop', {})
    return answer === 'no-daemon' ? null : answer
  } catch (error) {
    // It hangs, or is of a version that does not know the question: a signal needs no answer.
    if (error instanceof SyncError) return null
    throw error
  }
}

/** The lock names pid and start tick, so that no stranger under a recycled pid gets the signal. */
async function signalToStop(stateDir: string): Promise<ProcessIdentity | null> {
  const { lockOwner } = await import('../../daemon/daemon.ts')
  const owner = lockOwner(stateDir)
  if (owner === null) return null
  try {
    process.kill(owner.pid, 'SIGTERM')
  } catch (error) {
    const hint = 'stop it as the user who started it'
    if (isAlive(owner)) throw new SyncError('system', `the daemon (pid ${owner.pid}) takes no signal`, hint, error)
  }
  return owner
}

async function untilGone({ clock }: Context, daemon: ProcessIdentity): Promise<void> {
  const startMs = clock.monotonicMs()
  while (isAlive(daemon)) {
    if (clock.monotonicMs() - startMs > endMsMax) {
      const { message, hint } = stillRunning(daemon.pid, endMsMax)
      throw new SyncError('system', message, hint)
    }
    await new Promise<void>((resolve) => clock.after(lookMs, resolve))
  }
}

function isAlive({ pid, startTick }: ProcessIdentity): boolean {
  return processes.identity(pid)?.startTick === startTick
}
