import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Context, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { fitted } from '../fitted.ts'
import { requireWorkspace } from '../locate.ts'
import { silentDaemon } from '../messages.ts'
import { readNotRunning, readStatus } from '../status-files.ts'
import { silentReport, statusReport, type StatusReport } from '../status-report.ts'
import { notRunningText, statusText } from '../status-text.ts'
import type { Workspace } from '../workspace.ts'

const redrawMs = 1_000
/** A daemon that is only busy answers within this. */
const answerMsMax = 2_000
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
          await showStatus(context, workspace, (text) => (size === null ? text : fitted(text, size.columns, size.rows)))
          await new Promise<void>((resolve) => context.clock.after(redrawMs, resolve))
        }
        return exitCode.done
      }),
    )
}

async function showStatus(
  context: Context,
  workspace: Workspace,
  fit = (text: string): string => text,
): Promise<number> {
  const { root, stateDir } = workspace
  const nowMs = context.clock.nowMs()
  const report = readStatus(stateDir, nowMs) ?? (await askedStatus(root, stateDir, nowMs))
  if (report === null) {
    const notRunning = readNotRunning(workspace, context.cwd, nowMs)
    context.answer(notRunning, fit(notRunningText(notRunning, nowMs)))
    return exitCode.noDaemon
  }
  context.answer(report, fit(statusText(report, nowMs, context.color)))
  return exitCode.done
}

/** Its file is missing or spoiled: the lock tells whether a daemon lives, and the daemon how it goes. */
async function askedStatus(root: string, stateDir: string, nowMs: number): Promise<StatusReport | null> {
  if (!existsSync(join(stateDir, 'daemon.lock'))) return null
  const { lockOwner } = await import('../../daemon/daemon.ts')
  const owner = lockOwner(stateDir)
  if (owner === null) return null
  const { ask } = await import('../../control/control.ts')
  try {
    const answer = await ask(stateDir, 'status', {}, answerMsMax)
    if (answer !== 'no-daemon') return statusReport(answer, nowMs, isoOf)
  } catch (error) {
    if (!(error instanceof SyncError)) throw error
  }
  return silentReport(owner.pid, root, silentDaemon(owner.pid))
}

function isoOf(atMs: number): string {
  return new Date(atMs).toISOString()
}
