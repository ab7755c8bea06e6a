import { warningText } from '../messages.ts'
import { printable } from '../printable.ts'

export const badWriterName = (name: string) => ({
  message: `"${printable(name)}" is no name for a writer`,
  hint: 'use up to 64 letters, digits and . _ @ + -, beginning with a letter or digit, such as --writer my-agent',
})

export const noWriter = {
  message: 'the writer has no name',
  hint: 'give it one: workspace-sync run --writer my-agent -- COMMAND',
}

export const badPolicy = (policy: string) => ({
  message: `"${printable(policy)}" is no policy`,
  hint: 'use --policy sync (its work is wanted) or --policy block (it writes for itself)',
})

export const noProgram = {
  message: 'no command was named',
  hint: 'name it behind two dashes: workspace-sync run --writer my-agent -- COMMAND',
}

export const notFound = (command: string) => ({
  message: `${printable(command)}: command not found`,
  hint: 'check its spelling and PATH; nothing was started',
})

export const notStarted = (command: string, code: string) => ({
  message: `${printable(command)} cannot be started (${code})`,
  hint: 'make it executable: chmod +x; nothing was started',
})

/** Said only of a writer that was to be kept out. */
export const unascribed = (name: string, { own, unknown }: { readonly own: number; readonly unknown: number }) =>
  warningText(`writes here while "${name}" ran: ${own} proven to be its own, ${unknown} of nobody who could be named`) +
  `those ${unknown} are not blocked; if they are its own, a rule blocks them: ` +
  `workspace-sync filters add 'BLOCK:<glob>:written by ${name}'\n`
