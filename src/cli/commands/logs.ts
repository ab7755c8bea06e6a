import { join } from 'node:path'
import type { Command } from 'commander'
import { SyncError } from '../../errors.ts'
import type { Context, Given, Run } from '../context.ts'
import { countOf } from '../count.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help, optionHelp } from '../help.ts'
import { requireWorkspace } from '../locate.ts'
import { followFile, lastLines } from '../log-files.ts'
import { logLine, noLog } from '../messages/logs.ts'

const linesShown = 50
/** How soon a new line is seen; looking costs two system calls. */
const followMs = 250

export function registerLogs(program: Command, run: Run): void {
  program
    .command('logs')
    .description(help.logs.summary)
    .option('-f, --follow', optionHelp.follow)
    .option('-n, --count <n>', optionHelp.count)
    .addHelpText('after', exampleText(help.logs.example))
    .action(run(logs))
}

async function logs(context: Context, { options }: Given): Promise<number> {
  const count = countOf(options['count'], linesShown)
  const { root, stateDir } = requireWorkspace(context.directory)
  const path = join(stateDir, 'daemon.log')
  // From here on nothing is missed, whatever is written while the last lines are shown.
  const follower = options['follow'] === true ? followFile(path) : null
  const lines = lastLines(path, count)
  if (lines === null && follower === null) {
    const { message, hint } = noLog(root)
    throw new SyncError('system', message, hint)
  }
  if (lines === null) context.warn(noLog(root).message)
  const show = (line: string): void => context.out(`${context.json ? line : logLine(line, when, context.color)}\n`)
  for (const line of lines ?? []) show(line)
  if (follower === null) return exitCode.done
  while (!context.isOutputClosed()) {
    await new Promise<void>((resolve) => context.clock.after(followMs, resolve))
    for (const line of follower.take()) show(line)
  }
  follower.close()
  return exitCode.done
}

function when(iso: string): string {
  const instant = new Date(iso)
  return Number.isNaN(instant.getTime()) ? iso : instant.toLocaleString('sv')
}
