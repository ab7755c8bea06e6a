/** What the files of `/proc` say, as values. */

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
