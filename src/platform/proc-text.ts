/** What the files of `/proc` say, as values. */

export interface ProcessStat {
  readonly pid: number
  /** Start time in clock ticks since boot: with the pid it names one process for ever. */
  readonly startTick: number
  /** One letter; `Z` is a zombie. */
  readonly state: string
  readonly parent: number
  readonly group: number
  readonly session: number
  /** Device number of the controlling terminal; 0: none. */
  readonly terminal: number
  /** Process group in the foreground of that terminal. */
  readonly foreground: number
  /** It is a thread of a process that has another pid. */
  readonly isThread: boolean
}

/** One line of `/proc/PID/stat`. The command name may hold spaces and parentheses: fields count from the last ')'. */
export function parseStat(text: string): ProcessStat | null {
  const pid = Number.parseInt(text, 10)
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ')
  const [parent, group, session, terminal, foreground] = fields.slice(1, 6).map(Number)
  const startTick = Number(fields[19])
  const numbers = [pid, parent, group, session, terminal, foreground, startTick]
  if (!numbers.every(Number.isSafeInteger) || fields[0] === undefined) return null
  return {
    pid,
    startTick,
    state: fields[0],
    parent: parent ?? 0,
    group: group ?? 0,
    session: session ?? 0,
    terminal: terminal ?? 0,
    foreground: foreground ?? 0,
    // Only a thread sends nobody a signal when it ends.
    isThread: fields[35] === '-1' && fields[0] !== 'Z',
  }
}

/** Bytes handed to write calls since the start, those of reaped children included (`wchar` of `/proc/PID/io`). */
export function parseWritten(text: string): number | null {
  const digits = /^wchar: (\d+)$/m.exec(text)?.[1]
  return digits === undefined ? null : Number(digits)
}

/** The two low bits of `flags` (octal) are the access mode: 0 is read-only. A read descriptor says nothing. */
export function isWriteMode(descriptorInfo: string): boolean {
  const flags = /^flags:\s*([0-7]+)/m.exec(descriptorInfo)?.[1]
  return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0
}

/**
 * Files whose bytes a process can change without a call that anybody sees: shared mappings that it may write to, in
 * `/proc/PID/maps`. One that was deleted or replaced is there under another name.
 */
export function sharedMappings(maps: string): readonly string[] {
  if (!maps.includes('w-s ') && !maps.includes('wxs ')) return []
  return [...maps.matchAll(/^[\da-f]+-[\da-f]+ .w.s [\da-f]+ \S+ \d+ +(\/.*)$/gm)].map(([, path = '']) =>
    path.replaceAll('\\012', '\n'),
  )
}

/** The file of a terminal by its device number; null for none and for what is no terminal of a person. */
export function terminalPath(device: number): string | null {
  const major = (device >> 8) & 0xfff
  const minor = (device & 0xff) | ((device >>> 12) & 0xfff00)
  if (major >= 136 && major <= 143) return `/dev/pts/${(major - 136) * 256 + minor}`
  return major === 4 && minor > 0 && minor < 64 ? `/dev/tty${minor}` : null
}
