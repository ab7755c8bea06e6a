import { printable } from '../printable.ts'

const warnLevel = 40
const errorLevel = 50
const yellow = '\u001b[33m'
const plain = '\u001b[0m'

/** One line of the log for people; a line that is none of ours as it is. @param when an instant for people. */
export function logLine(line: string, when: (iso: string) => string, color: boolean): string {
  const entry = entryOf(line)
  if (entry === null) return printable(line)
  const { time, level, msg } = entry
  const loud = level >= errorLevel ? 'error: ' : level >= warnLevel ? 'warning: ' : ''
  const text = `${when(time)} ${loud}${printable(msg)}`
  return color && loud !== '' ? `${yellow}${text}${plain}` : text
}

function entryOf(line: string): { readonly time: string; readonly level: number; readonly msg: string } | null {
  try {
    const value: unknown = JSON.parse(line)
    if (typeof value !== 'object' || value === null) return null
    const { time, level, msg } = value as Readonly<Record<string, unknown>>
    if (typeof time !== 'string' || typeof level !== 'number' || typeof msg !== 'string') return null
    return { time, level, msg }
  } catch {
    // Cut off by a full disk or a crash, or somebody else's: shown as it is.
    return null
  }
}

export const noLog = (workspace: string) => ({
  message: `there is no log of ${printable(workspace)} yet`,
  hint: 'a daemon writes one: workspace-sync start',
})
