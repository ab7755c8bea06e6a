/** What the lines of YAML and of TOML have in common. */

/** Where the line that holds `at` ends: at its newline, its carriage return, or the end of the text. */
export function lineEnd(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  const end = newline < 0 ? text.length : newline
  return end > at && text[end - 1] === '\r' ? end - 1 : end
}

/** Where the next line begins. */
export function nextLine(text: string, at: number): number {
  const newline = text.indexOf('\n', at)
  return newline < 0 ? text.length : newline + 1
}

export function skipBlanks(text: string, from: number): number {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at += 1
  return at
}

/** @returns the position behind the string that begins at `at`; it may span lines. */
export function skipQuoted(text: string, at: number): number {
  if (text[at] === "'") {
    for (let end = text.indexOf("'", at + 1); end >= 0; end = text.indexOf("'", end + 2)) {
      if (text[end + 1] !== "'") return end + 1
    }
    return -1
  }
  for (let end = at + 1; end < text.length; end += 1) {
    if (text[end] === '\\') end += 1
    else if (text[end] === '"') return end + 1
  }
  return -1
}
