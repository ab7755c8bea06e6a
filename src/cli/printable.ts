/** Text from file names and messages, safe for a terminal: an escape sequence in a name must not act. */
export function printable(text: string): string {
  // Nearly always; compiling the pattern below costs more than all else that `status` does.
  if (/^[ -~]*$/.test(text)) return text
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (character) => {
    const short: Readonly<Record<string, string>> = { '\n': '\\n', '\t': '\\t', '\r': '\\r' }
    return short[character] ?? `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`
  })
}

/** "1 path", "2 paths". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`
}

/** A duration for people: its largest unit, and the next one while that says something. */
export function span(durationMs: number): string {
  const seconds = Math.max(0, Math.round(durationMs / 1_000))
  if (seconds < 60) return `${seconds} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return joined(minutes, 'min', seconds % 60, 's')
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return joined(hours, 'h', minutes % 60, 'min')
  return joined(Math.floor(hours / 24), 'd', hours % 24, 'h')
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/**
 * What people set to have colours or none. `FORCE_COLOR` weighs more than `NO_COLOR`, as in Node itself; there `0` and
 * `false` say no. A `dumb` terminal shows escape sequences as they are.
 */
export function wantsColor(env: Readonly<Record<string, string | undefined>>, isTerminal: boolean): boolean {
  const forced = env['FORCE_COLOR'] ?? ''
  if (forced !== '') return forced !== '0' && forced !== 'false'
  return isTerminal && (env['NO_COLOR'] ?? '') === '' && env['TERM'] !== 'dumb'
}
