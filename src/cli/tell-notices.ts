import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Context } from './context.ts'
import { printable } from './printable.ts'
import { findWorkspace } from './workspace.ts'

/** They show it themselves, are about to settle it, or speak for another program. */
const silent = new Set([
  'ack',
  'completion',
  'init',
  'pause',
  'release',
  'restart',
  'resume',
  'run',
  'start',
  'status',
  'stop',
  'sync',
  'uninstall',
])

/** Shows what the daemon has to tell unasked, behind whatever the command itself said. Shown once. */
export async function tellNotices(context: Context, command: string, isHook: boolean): Promise<void> {
  // A hook may be run by the daemon itself, or by a program that shows nobody what it says.
  if (context.json || context.quiet || isHook || silent.has(command)) return
  const workspace = findWorkspace(context.directory)
  if (workspace === null || !existsSync(join(workspace.stateDir, 'notices.json'))) return
  const { summaryLines, untold } = await import('../notices/notices.ts')
  for (const line of summaryLines(untold.take(workspace.stateDir))) context.err(`notice: ${printable(line)}\n`)
}
