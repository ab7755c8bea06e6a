export interface ConfigEntry {
  /** Section and variable in lower case, what stands between them as written: as `git config --list` prints it. */
  readonly key: string
  readonly value: string
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', b: '\b', '\\': '\\', '"': '"' }

/** The text of one configuration file (git-config(1), "Syntax"). null: git would not read it either. */
export function parseConfig(text: string): readonly ConfigEntry[] | null {
  const entries: ConfigEntry[] = []
  let section: string | null = null
  // A line ends with CR LF or LF; a backslash before its end joins the next one to a value.
  const source = text.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  let at = 0
  while (at < source.length) {
    const rest = source.slice(at)
    const blank = /^(?:\s+|[#;][^\n]*)/.exec(rest)
    if (blank !== null) {
      at += blank[0].length
      continue
    }
    const header = sectionAt(rest)
    if (header !== null) {
      section = header.section
      at += header.length
      continue
    }
    const name = /^([A-Za-z][A-Za-z0-9-]*)[ \t]*/.exec(rest)
    if (name === null || section === null) return null
    at += name[0].length
    const key = `${section}.${(name[1] ?? '').toLowerCase()}`
    if (source.charAt(at) !== '=') {
      // A name alone stands for true, and nothing but a comment may follow it.
      if (!/^(?:\n|$|[#;])/.test(source.slice(at))) return null
      entries.push({ key, value: 'true' })
      continue
    }
    const found = valueAt(source, at + 1)
    if (found === null) return null
    entries.push({ key, value: found.value })
    at = found.end
  }
  return entries
}

function sectionAt(rest: string): { readonly section: string; readonly length: number } | null {
  const found = /^\[([A-Za-z0-9.-]+)(?:[ \t]+"((?:[^"\\\n]|\\[^\n])*)")?\]/.exec(rest)
  if (found === null) return null
  const [whole, name = '', sub] = found
  const section = name.toLowerCase()
  return { section: sub === undefined ? section : `${section}.${sub.replaceAll(/\\(.)/g, '$1')}`, length: whole.length }
}

function valueAt(source: string, from: number): { readonly value: string; readonly end: number } | null {
  let value = ''
  let isQuoted = false
  // Blanks at the end of a value do not belong to it, unless they are quoted.
  let keptLength = 0
  let at = from
  while (/[ \t]/.test(source.charAt(at))) at += 1
  for (; at < source.length; at += 1) {
    const char = source.charAt(at)
    if (char === '\n') break
    if (char === '"') {
      isQuoted = !isQuoted
      keptLength = value.length
    } else if (char === '\\') {
      at += 1
      const next = source.charAt(at)
      if (next === '\n') continue
      const meant = escapes[next]
      if (meant === undefined) return null
      value += meant
      keptLength = value.length
    } else if (!isQuoted && /[#;]/.test(char)) {
      while (at < source.length && source.charAt(at) !== '\n') at += 1
      break
    } else {
      value += char
      if (isQuoted || !/\s/.test(char)) keptLength = value.length
    }
  }
  return isQuoted ? null : { value: value.slice(0, keptLength), end: at }
}
