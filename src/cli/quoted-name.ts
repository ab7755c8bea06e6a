const escapes: Readonly<Record<string, string>> = {
  a: '\x07',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
  '"': '"',
  '\\': '\\',
}

/**
 * A name as git prints one that is not plain text: between quotes, its bytes as `\377` (git-config(1), core.quotePath).
 * @param bytes one a unit, in and out
 * @returns null when it is not of that form.
 */
export function unquotedName(bytes: string): string | null {
  if (!/^"(?:[^"\\]|\\(?:[abfnrtv"\\]|[0-3][0-7]{2}))+"$/s.test(bytes)) return null
  return bytes.slice(1, -1).replace(/\\([0-3][0-7]{2}|.)/g, (_, code: string) => {
    return escapes[code] ?? String.fromCharCode(Number.parseInt(code, 8))
  })
}
