/**
 * Values between brackets, which YAML calls flow style and TOML arrays and inline tables. Both are JSON with other
 * strings and other keys, so one scanner with two grammars serves them.
 */
import { memberName } from './explain.ts'
import type { Cut, OutlineMember } from './outline.ts'
import { isVolatileWritten } from './volatile-values.ts'

export interface FlowGrammar {
  /** What stands between a key and its value. */
  readonly separator: ':' | '='
  /** @returns the position behind the string that begins at `at`; -1: it has no end. */
  skipString(text: string, at: number): number
  /** Whether a `#` at `at` begins a comment. */
  isComment(text: string, at: number): boolean
  /** The names that a key as written stands for (TOML's dotted keys are several); null: it is not understood. */
  namesOf(key: string): readonly string[] | null
  isVolatile(name: string): boolean
}

export interface Flow {
  /** Position behind the closing bracket. */
  readonly end: number
  /** Volatile members inside; none where a comment is anywhere inside, since that could be lost with one. */
  readonly cuts: readonly Cut[]
  /** What was cut, by name. */
  readonly members: readonly OutlineMember[]
  readonly hasComment: boolean
  /** Brackets and commas: what a parser's time goes by. */
  readonly parts: number
}

/** Values nested deeper, or of more parts, count as not analysable. */
const depthMax = 64
const partsMax = 4_000

interface Level {
  readonly close: ']' | '}'
  readonly path: string
  readonly openedAt: number
  readonly cutsBefore: number
  /** Commas so far. */
  commas: number
  /** Whether a member that stays was seen. */
  keeps: boolean
  commaAt: number
  /** Where the member begins that is being read; -1: nothing of it yet. */
  memberAt: number
  keyRead: boolean
  memberPath: string
  /** Behind the last thing of it that is not white space. */
  memberEnd: number
  /** Behind the separator of a member with a volatile name; -1: it has another. */
  volatileFrom: number
}

/**
 * @param from position of the opening bracket.
 * @param path of the value, for naming what is inside.
 * @returns null where the brackets cannot be made sense of.
 */
export function scanFlow(text: string, from: number, path: string, grammar: FlowGrammar): Flow | null {
  return new FlowScan(text, grammar).scan(from, path)
}

class FlowScan {
  readonly #text: string
  readonly #grammar: FlowGrammar
  readonly #levels: Level[] = []
  readonly #cuts: Cut[] = []
  readonly #members: OutlineMember[] = []
  #path = ''
  #hasComment = false
  #parts = 0

  constructor(text: string, grammar: FlowGrammar) {
    this.#text = text
    this.#grammar = grammar
  }

  scan(from: number, path: string): Flow | null {
    this.#path = path
    for (let at = from; at >= 0 && at < this.#text.length;) {
      at = this.#token(at)
      if (at > 0 && this.#levels.length === 0) {
        const [cuts, members] = this.#hasComment ? [[], []] : [this.#cuts, this.#members]
        return { end: at, cuts, members, hasComment: this.#hasComment, parts: this.#parts }
      }
    }
    return null
  }

  /** @returns the position behind the token; -1: not understood. */
  #token(at: number): number {
    const sign = this.#text[at] as string
    if (sign === ' ' || sign === '\t' || sign === '\n' || sign === '\r') return at + 1
    if (sign === '#' && this.#grammar.isComment(this.#text, at)) {
      this.#hasComment = true
      const end = this.#text.indexOf('\n', at)
      return end < 0 ? -1 : end
    }
    if (sign === '[' || sign === '{' || sign === ',') this.#parts += 1
    if (this.#parts > partsMax) return -1
    if (sign === '[' || sign === '{') return this.#open(at, sign === '[' ? ']' : '}')
    const level = this.#levels.at(-1)
    if (level === undefined) return -1
    if (sign === ',') return this.#comma(at, level)
    if (sign === ']' || sign === '}') return this.#close(at, level)
    if (sign === this.#grammar.separator && this.#endsKey(at, level)) return this.#key(at, level)
    const isString = (sign === '"' || sign === "'") && (level.memberAt < 0 || this.#follows(at, level))
    return this.#piece(level, at, isString ? this.#grammar.skipString(this.#text, at) : at + 1)
  }

  #open(at: number, close: Level['close']): number {
    const level = this.#levels.at(-1)
    if (this.#levels.length === depthMax) return -1
    // As a key a bracket would be too much to understand.
    if (level !== undefined && level.close === '}' && !level.keyRead) return -1
    if (level !== undefined && level.memberAt < 0) level.memberAt = at
    this.#levels.push({
      close,
      path:
        level === undefined ? this.#path : level.close === '}' ? level.memberPath : `${level.path}[${level.commas}]`,
      commas: 0,
      memberPath: '',
      openedAt: at + 1,
      cutsBefore: this.#cuts.length,
      keeps: false,
      commaAt: -1,
      memberAt: -1,
      keyRead: false,
      memberEnd: -1,
      volatileFrom: -1,
    })
    return at + 1
  }

  #piece(level: Level, at: number, end: number): number {
    if (level.memberAt < 0) level.memberAt = at
    level.memberEnd = end
    return end
  }

  /** Whether what begins here stands at the beginning of a value, so that a quote opens a string. */
  #follows(at: number, level: Level): boolean {
    return level.keyRead && /[:=]\s*$/.test(this.#text.slice(Math.max(level.memberAt, at - 64), at))
  }

  #endsKey(at: number, level: Level): boolean {
    if (level.close !== '}' || level.keyRead) return false
    if (this.#grammar.separator === '=') return true
    const next = this.#text[at + 1]
    return next === undefined || ' \t\r\n,[]{}'.includes(next) || '"\''.includes(this.#text[at - 1] ?? '')
  }

  #key(at: number, level: Level): number {
    if (level.memberAt < 0) return -1
    const names = this.#grammar.namesOf(this.#text.slice(level.memberAt, at).trim())
    if (names === null) return -1
    level.keyRead = true
    level.memberPath = level.path + names.map(memberName).join('')
    level.memberEnd = at + 1
    // The names before the last are those of tables.
    if (this.#grammar.isVolatile(names.at(-1) ?? '')) level.volatileFrom = at + 1
    return at + 1
  }

  #comma(at: number, level: Level): number {
    if (level.memberAt < 0) return -1
    if (this.#isVolatile(level)) {
      let behind = at + 1
      while (' \t\r\n'.includes(this.#text[behind] ?? '.')) behind += 1
      this.#name(level)
      if (level.keeps) this.#cut(level.commaAt, level.memberEnd)
      else this.#cut(level.memberAt, behind)
    } else level.keeps = true
    level.commas += 1
    Object.assign(level, { commaAt: at, memberAt: -1, keyRead: false, memberEnd: -1, volatileFrom: -1 })
    return at + 1
  }

  #close(at: number, level: Level): number {
    if (this.#text[at] !== level.close) return -1
    if (this.#isVolatile(level)) {
      this.#name(level)
      if (level.keeps) this.#cut(level.commaAt, level.memberEnd)
      else {
        this.#cuts.length = level.cutsBefore
        this.#cut(level.openedAt, at)
      }
    }
    this.#levels.pop()
    const outer = this.#levels.at(-1)
    if (outer !== undefined) outer.memberEnd = at + 1
    return at + 1
  }

  #isVolatile({ volatileFrom, memberEnd }: Level): boolean {
    return volatileFrom >= 0 && isVolatileWritten(this.#text.slice(volatileFrom, memberEnd))
  }

  #name({ memberPath, memberAt, memberEnd }: Level): void {
    this.#members.push({ path: memberPath, text: this.#text.slice(memberAt, memberEnd), volatile: true })
  }

  #cut(from: number, to: number): void {
    this.#cuts.push({ from, to, put: '' })
  }
}
