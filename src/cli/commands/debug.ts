import type { Command } from 'commander'
import { pathText } from '../../types.ts'
import type { Context, Given, Run } from '../context.ts'
import { exitCode } from '../exit-code.ts'
import { exampleText, help } from '../help.ts'
import { noDaemonError, requireWorkspace } from '../locate.ts'
import { brokenStream, debugLine, linesLost, streamEnded } from '../messages/debug.ts'

export function registerDebug(program: Command, run: Run): void {
  program
    .command('debug')
    .description(help.debug.summary)
    .argument('[glob...]')
    .addHelpText('after', exampleText(help.debug.example))
    .action(run(debug))
}

async function debug(context: Context, { args }: Given): Promise<number> {
  const { root, stateDir } = requireWorkspace(context.directory)
  const { listen } = await import('../../control/control.ts')
  const stop = new AbortController()
  process.once('SIGINT', () => stop.abort())
  const ended = await listen(stateDir, { globs: args }, stop.signal, (line) => {
    if (context.isOutputClosed()) return stop.abort()
    if ('lost' in line) return context.warn(linesLost(line.lost))
    if ('end' in line) return context.warn(streamEnded(line.end))
    const { atMs, path, ...rest } = line.item
    const at = new Date(atMs)
    const value = {
      at: at.toISOString(),
      path: pathText(path),
      ...rest,
      tookMs: Math.round(rest.tookMs * 1_000) / 1_000,
    }
    context.out(
      `${context.json ? JSON.stringify(value) : debugLine(value, at.toTimeString().slice(0, 8), context.color)}\n`,
    )
  })
  if (ended === 'no-daemon') throw noDaemonError(root)
  if (ended === 'broken') {
    context.warn(brokenStream)
    return exitCode.noDaemon
  }
  return exitCode.done
}
