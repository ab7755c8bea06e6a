import { counted, printable } from '../printable.ts'

/** Paths named in one answer; more are counted. */
const pathsShown = 20

export const waits = (source: string): string => `${source} (waits for ack)`

export interface AckAnswer {
  readonly acknowledged: readonly { readonly path: string; readonly what: string; readonly reason: string }[]
  readonly refused: readonly Refused[]
}

export interface Refused {
  readonly path: string
  readonly reason: string
  readonly remedy: string
}

export function acknowledgedText({ acknowledged }: AckAnswer, isDaemonRunning: boolean): string {
  const shown = acknowledged
    .slice(0, pathsShown)
    .map(({ path, reason }) => `  ${printable(path)}  ${printable(reason)}`)
  const more = acknowledged.length - shown.length
  const next = isDaemonRunning ? 'they are looked at again now' : 'it counts from the next start on'
  const heading = `acknowledged (${counted(acknowledged.length, 'path')}; ${next}):`
  return [heading, ...shown, ...(more > 0 ? [`  and ${more} more`] : [])].join('\n')
}

export function refusedText({ refused }: AckAnswer): string {
  const shown = refused
    .slice(0, pathsShown)
    .map(({ path, reason, remedy }) => `error: ${printable(path)}: ${printable(reason)}\n${printable(remedy)}\n`)
  const more = refused.length - shown.length
  return [...shown, ...(more > 0 ? [`error: and ${counted(more, 'path')} more\n`] : [])].join('')
}

export const notHeld = (path: string): Refused => ({
  path,
  reason: 'nothing holds it',
  remedy: `what becomes of it says: workspace-sync test-filter ${printable(path)}`,
})

export const directoryNotHeld = (path: string): Refused => ({
  path,
  reason: 'no held deletion and no rules that wait lie below it',
  remedy: 'name each held file itself; workspace-sync status lists them',
})

/** A word cannot end it. */
export const staysHeld = (path: string, reason: string): Refused => ({
  path,
  reason: `cannot be acknowledged: it ${reason}`,
  remedy: 'do what it says; it is looked at again by itself',
})

export const mistaken = (path: string, mistake: string): Refused => ({
  path,
  reason: mistake,
  remedy: 'mend it first: with a mistake in it nothing of it can be in force',
})

export const tooManyAtOnce = (count: number, limit: number) => ({
  message: `${count} held paths are named, more than the ${limit} that can be acknowledged`,
  hint: 'commit deletions of so many yourself: git add -u, then git commit',
})
