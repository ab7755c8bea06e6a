import type { Command } from 'commander'
import { createProgram } from '../../src/cli/cli.ts'

/** The command line as it is registered. */
export function registeredProgram(): Command {
  return createProgram({ version: '0', out: () => {}, err: () => {} }, () => async () => {})
}

export interface RegisteredCommand {
  /** `filters list`. */
  readonly path: string
  readonly command: Command
}

/** Every command and sub-command; a group such as `filters` too. */
export function registeredCommands(): readonly RegisteredCommand[] {
  const below = (command: Command, path: string): readonly RegisteredCommand[] =>
    command.commands.flatMap((sub) => {
      const here = `${path} ${sub.name()}`.trim()
      return [{ path: here, command: sub }, ...below(sub, here)]
    })
  return below(registeredProgram(), '')
}
