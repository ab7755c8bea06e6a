import { standingLine } from '../messages.ts'
import { printable } from '../printable.ts'

/**
 * @param previousPid null: none was running.
 * @param options of the command line that were kept.
 */
export const restarted = (
  pid: number,
  previousPid: number | null,
  options: readonly string[],
  standing: { readonly state: string; readonly reason: string | null },
): string => {
  const kept = options.length === 0 ? '' : `, with ${options.map(printable).join(' ')}`
  const what = previousPid === null ? 'no daemon was running; started one' : 'restarted'
  return `${what} (pid ${pid})${kept}${standingLine(standing)}`
}

export const startedMeanwhile = (pid: number) => ({
  message: `another daemon was started meanwhile (pid ${pid})`,
  hint: 'it runs with its own options; workspace-sync status tells how it goes',
})
