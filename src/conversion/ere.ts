/** POSIX extended regular expressions, as bash reads them after `=~`; what depends on the machine is refused. */

import { readBracket } from './bracket.ts'
import { anyCharacter, type CharSet } from './char-set.ts'

export type Ere =
  | { readonly kind: 'one'; readonly set: CharSet }
  | { readonly kind: 'start' | 'end' }
  | { readonly kind: 'sequence' | 'choice'; readonly parts: readonly Ere[] }
  | { readonly kind: 'repeat'; readonly of: Ere; readonly min: number; readonly max: number }

export interface EreFault {
  /** Offset in the regular expression, UTF-16 units. */
  readonly at: number
  readonly problem: string
  readonly remedy: string
}

export type EreParsed =
  { readonly kind: 'ere'; readonly ere: Ere } | { readonly kind: 'fault'; readonly fault: EreFault }

const depthMax = 50
const repeatsMax = 255

export function parseEre(text: string): EreParsed {
  return new Parser(text).run()
}

/** After a fault the rest is not read: what is returned then is of no use. */
class Parser {
  private readonly text: string
  private at = 0
  private depth = 0
  private fault: EreFault | null = null

  constructor(text: string) {
    this.text = text
  }

  run(): EreParsed {
    const ere = this.choice()
    if (this.text[this.at] === ')') this.fail('a ) that closes nothing', 'write \\) for the character itself')
    return this.fault === null ? { kind: 'ere', ere } : { kind: 'fault', fault: this.fault }
  }

  private choice(): Ere {
    const parts = [this.sequence()]
    while (this.text[this.at] === '|') {
      this.at += 1
      parts.push(this.sequence())
    }
    const [only] = parts
    return parts.length === 1 && only !== undefined ? only : { kind: 'choice', parts }
  }

  private sequence(): Ere {
    const parts: Ere[] = []
    while (this.at < this.text.length && !'|)'.includes(this.text[this.at] ?? '')) {
      parts.push(this.repeated(this.atom()))
    }
    return { kind: 'sequence', parts }
  }

  private atom(): Ere {
    const character = String.fromCodePoint(this.text.codePointAt(this.at) ?? 0)
    if (character === '(') return this.group()
    if (character === '[') return this.bracket()
    if (character === '\\') return this.escape()
    if ('*+?{'.includes(character)) return this.fail(`a ${character} with nothing to repeat`, `write \\${character}`)
    this.at += character.length
    if (character === '^') return { kind: 'start' }
    if (character === '$') return { kind: 'end' }
    return character === '.' ? { kind: 'one', set: anyCharacter } : literal(character)
  }

  private group(): Ere {
    if (this.depth >= depthMax) return this.fail(`more than ${depthMax} groups in one another`, 'use fewer')
    const open = this.at
    this.at += 1
    this.depth += 1
    const inner = this.choice()
    this.depth -= 1
    if (this.text[this.at] !== ')') return this.fail('a ( that is never closed', 'close it, or write \\(', open)
    this.at += 1
    return inner
  }

  private bracket(): Ere {
    const read = readBracket(this.text, this.at)
    if ('problem' in read) return this.fail(read.problem, read.remedy)
    this.at = read.end
    return { kind: 'one', set: read.set }
  }

  private escape(): Ere {
    const next = String.fromCodePoint(this.text.codePointAt(this.at + 1) ?? 0)
    if (this.at + 1 >= this.text.length) {
      return this.fail('a backslash at the end; a colon ends the expression', 'write ? in a glob for the colon')
    }
    if (/[\p{L}\p{N}<>'`]/u.test(next)) {
      const meant: Readonly<Record<string, string>> = { d: '[0-9]', w: '[A-Za-z0-9_]', s: 'the space itself' }
      const remedy = meant[next] === undefined ? 'write what is meant without it' : `write ${meant[next]}`
      return this.fail(`what \\${next} means differs from machine to machine`, remedy)
    }
    this.at += 1 + next.length
    return literal(next)
  }

  private repeated(atom: Ere): Ere {
    let of = atom
    for (;;) {
      const rest = this.text.slice(this.at, this.at + 12)
      const sign = /^[*+?]/.exec(rest)?.[0]
      const bounds = /^\{(\d{1,3})(?:(,)(\d{1,3})?)?\}/.exec(rest)
      if (sign === undefined && bounds === null) {
        if (rest.startsWith('{')) return this.fail('a { that begins no {m,n}', 'write \\{ for the character itself')
        return of
      }
      if (of.kind === 'start' || of.kind === 'end') return this.fail('a repeated anchor', 'leave the repetition out')
      const min = bounds === null ? (sign === '+' ? 1 : 0) : Number(bounds[1])
      const open = sign === '?' ? 1 : Infinity
      const max = bounds === null ? open : Number(bounds[3] ?? (bounds[2] === undefined ? min : Infinity))
      if (max < min || min > repeatsMax || (max > repeatsMax && max !== Infinity)) {
        return this.fail('a repetition that cannot be', `write the smaller number first, at most ${repeatsMax}`)
      }
      this.at += bounds?.[0].length ?? 1
      of = { kind: 'repeat', of, min, max }
    }
  }

  private fail(problem: string, remedy: string, at = this.at): Ere {
    this.fault ??= { at, problem, remedy }
    this.at = this.text.length
    return { kind: 'sequence', parts: [] }
  }
}

function literal(character: string): Ere {
  const code = character.codePointAt(0) ?? 0
  return { kind: 'one', set: { negated: false, ranges: [[code, code]] } }
}
