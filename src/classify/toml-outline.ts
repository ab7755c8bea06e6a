import { memberName } from './explain.ts'
import { scanFlow, type Flow, type FlowGrammar } from './flow-scan.ts'
import { pieceOf, type Cut, type Outline, type OutlineMember } from './outline.ts'
import { isVolatileWritten } from './volatile-values.ts'
import { lineEnd, nextLine, skipBlanks, skipQuoted } from './text-scan.ts'

/** Characters of one dotted key, and names in it; a larger one is not understood. */
const keyMax = 1_024
const namesMax = 32
/** Statements, and parts of the values between brackets; more are not looked into. */
const partsMax = 4_000

interface Value {
  readonly end: number
  readonly flow: Flow | null
}

/**
 * The volatile members of TOML: statements are cut with their lines, a member of an inline table like one of JSON.
 * Comments stay.
 *
 * @returns null when it is not analysable.
 */
export function tomlOutline(text: string, isVolatile: (name: string) => boolean): Outline | null {
  return new TomlScan(text, isVolatile).scan()
}

class TomlScan {
  readonly #text: string
  readonly #grammar: FlowGrammar
  readonly #cuts: Cut[] = []
  readonly #members: OutlineMember[] = []
  /** By its path: how many tables of an array of tables there are. */
  readonly #counts = new Map<string, number>()
  #table = ''
  #parts = 0

  constructor(text: string, isVolatile: (name: string) => boolean) {
    this.#text = text
    this.#grammar = { separator: '=', skipString, isComment: () => true, namesOf, isVolatile }
  }

  scan(): Outline | null {
    const text = this.#text
    for (let from = text.startsWith('\ufeff') ? 1 : 0; from < text.length;) {
      const at = skipBlanks(text, from)
      const isEmpty = at === lineEnd(text, at) || text[at] === '#'
      const next = isEmpty ? nextLine(text, at) : text[at] === '[' ? this.#header(from, at) : this.#pair(from, at)
      this.#parts += 1
      if (next < 0 || this.#parts > partsMax) return null
      from = next
    }
    return { cuts: this.#cuts, members: this.#members }
  }

  #header(from: number, at: number): number {
    const text = this.#text
    const isArray = text[at + 1] === '['
    const inner = at + (isArray ? 2 : 1)
    const close = keyEnd(text, inner, ']')
    const end = close + (isArray ? 2 : 1)
    if (close < 0 || (isArray && text[close + 1] !== ']')) return -1
    const names = namesOf(text.slice(inner, close).trim())
    if (names === null) return -1
    const path = names.map(memberName).join('')
    if (isArray) this.#counts.set(path, (this.#counts.get(path) ?? -1) + 1)
    this.#table = isArray ? `${path}[${this.#counts.get(path)}]` : path
    return this.#statement(from, at, end, this.#table, false, [])
  }

  #pair(from: number, at: number): number {
    const text = this.#text
    const equals = keyEnd(text, at, '=')
    const names = equals < 0 ? null : namesOf(text.slice(at, equals).trim())
    if (names === null) return -1
    const path = this.#table + names.map(memberName).join('')
    const value = this.#value(skipBlanks(text, equals + 1), path)
    if (value === null) return -1
    // The names before the last are those of tables.
    const isVolatile =
      this.#grammar.isVolatile(names.at(-1) ?? '') && isVolatileWritten(text.slice(equals + 1, value.end))
    this.#parts += value.flow?.parts ?? 0
    for (const cut of value.flow?.cuts ?? []) this.#cuts.push(cut)
    for (const member of value.flow?.members ?? []) this.#members.push(member)
    return this.#statement(from, at, value.end, path, isVolatile, value.flow?.cuts ?? [])
  }

  #value(at: number, path: string): Value | null {
    const text = this.#text
    const first = text[at] ?? ''
    if (first === '[' || first === '{') {
      const flow = scanFlow(text, at, path, this.#grammar)
      return flow === null ? null : { end: flow.end, flow }
    }
    if (first === '"' || first === "'") {
      const end = skipString(text, at)
      return end < 0 ? null : { end, flow: null }
    }
    const [bare = ''] = /^[^\s#,=[\]{}"']+(?: [^\s#,=[\]{}"']+)?/.exec(text.slice(at, lineEnd(text, at))) ?? []
    return bare === '' ? null : { end: at + bare.length, flow: null }
  }

  /** Nothing but a comment may follow, and that stays. @returns where the next line begins; -1: not understood. */
  #statement(from: number, at: number, end: number, path: string, cutIt: boolean, inside: readonly Cut[]): number {
    const text = this.#text
    const behind = skipBlanks(text, end)
    const hasComment = text[behind] === '#'
    if (!hasComment && behind !== lineEnd(text, behind)) return -1
    const next = nextLine(text, behind)
    if (cutIt) this.#cuts.push(hasComment ? { from: at, to: end, put: '' } : { from, to: next, put: '' })
    this.#members.push({ path, text: pieceOf(text, at, end, inside), volatile: cutIt })
    return next
  }
}

/** Of a quoted string of any kind, those in three quotes too. */
function skipString(text: string, at: number): number {
  const quote = text[at] as string
  const three = quote.repeat(3)
  if (!text.startsWith(three, at)) {
    const end = quote === "'" ? literalEnd(text, at) : skipQuoted(text, at)
    return end < 0 || text.slice(at, end).includes('\n') ? -1 : end
  }
  for (let end = at + 3; end < text.length; end += 1) {
    if (quote === '"' && text[end] === '\\') end += 1
    else if (text.startsWith(three, end)) {
      // Up to two quotes may stand right before the closing three.
      let close = end + 3
      while (close < end + 5 && text[close] === quote) close += 1
      return close
    }
  }
  return -1
}

function literalEnd(text: string, at: number): number {
  const end = text.indexOf("'", at + 1)
  return end < 0 ? -1 : end + 1
}

/** Where the sign that ends a key stands, on this line and outside quotes; -1: nowhere. */
function keyEnd(text: string, from: number, sign: string): number {
  const end = lineEnd(text, from)
  for (let at = from; at < end; at += 1) {
    if (text[at] === sign) return at
    if (text[at] === '#') return -1
    if (text[at] === '"' || text[at] === "'") {
      const behind = text[at] === "'" ? literalEnd(text, at) : skipQuoted(text, at)
      if (behind < 0 || behind > end) return -1
      at = behind - 1
    }
  }
  return -1
}

/** The names of a dotted key; null: it is not understood. */
function namesOf(key: string): readonly string[] | null {
  if (key.length > keyMax) return null
  const parts = [...key.matchAll(/[ \t]*(?:([\w-]+)|"((?:[^"\\\n]|\\.)*)"|'([^'\n]*)')[ \t]*(?:\.|$)/gy)]
  const length = parts.reduce((sum, [whole]) => sum + whole.length, 0)
  if (parts.length === 0 || parts.length > namesMax || length !== key.length || key.endsWith('.')) return null
  const names = parts.map(([, bare, quoted, literal]) => bare ?? literal ?? unescaped(quoted ?? ''))
  return names.some((name) => name === null) ? null : (names as readonly string[])
}

function unescaped(quoted: string): string | null {
  try {
    return JSON.parse(`"${quoted}"`) as string
  } catch {
    return null
  }
}
