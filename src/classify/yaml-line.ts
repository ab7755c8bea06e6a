/** The pieces of one line of YAML. Positions go in and come out; -1: not understood, the document is not compared. */
import type { FlowGrammar } from './flow-scan.ts'
import { lineEnd, skipBlanks, skipQuoted } from './text-scan.ts'

export interface YamlKey {
  readonly name: string
  /** Position behind the colon. */
  readonly end: number
}

/** The key that begins at `at`; null: no key does. 'refused': too much to understand. */
export function keyAt(text: string, at: number): YamlKey | null | 'refused' {
  const first = text[at] as string
  const end = lineEnd(text, at)
  const line = text.slice(at, end)
  if ('[{|>'.includes(first)) return null
  if (',]}%@`'.includes(first) || /^\?(?:\s|$)/.test(line)) return 'refused'
  // A key with an anchor or a tag, or that is an alias.
  if ('&!*'.includes(first)) return /:(?:\s|$)/.test(line) ? 'refused' : null
  if (first === '"' || first === "'") {
    const behind = skipQuoted(text, at)
    if (behind < 0) return 'refused'
    const colon = skipBlanks(text, behind)
    if (behind > end || text[colon] !== ':' || !/^(?:\s|$)/.test(text.slice(colon + 1, colon + 2))) return null
    const name = unquoted(text.slice(at, behind))
    return name === null ? 'refused' : { name, end: colon + 1 }
  }
  const plain = withoutComment(line)
  const colon = plain.search(/:(?:\s|$)/)
  return colon < 0 ? null : { name: plain.slice(0, colon).trimEnd(), end: at + colon + 1 }
}

/** A plain scalar ends where a comment begins. */
export function withoutComment(line: string): string {
  const at = line.search(/[ \t]#/)
  return (at < 0 ? line : line.slice(0, at)).trimEnd()
}

function unquoted(quoted: string): string | null {
  if (quoted.startsWith("'")) return quoted.slice(1, -1).replaceAll("''", "'")
  if (!quoted.includes('\\')) return quoted.slice(1, -1)
  try {
    return JSON.parse(quoted) as string
  } catch {
    // An escape that only YAML knows.
    return null
  }
}

export function yamlFlow(isVolatile: (name: string) => boolean): FlowGrammar {
  return {
    separator: ':',
    skipString: skipQuoted,
    isComment: (text, at) => ' \t\r\n'.includes(text[at - 1] ?? ' '),
    namesOf(key) {
      if (key.includes('\n') || '&!*?'.includes(key[0] ?? '?')) return null
      const isQuoted = key.startsWith('"') || key.startsWith("'")
      const name = isQuoted ? unquoted(key) : key
      return name === null ? null : [name]
    },
    isVolatile,
  }
}
