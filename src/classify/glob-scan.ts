/** Reads a glob once from left to right: refuses what the dialect lacks and finds the braces that shape it. */

import { endOfClass, parseClass } from './glob-class.ts'

export interface GlobFault {
  /** Offset in the glob, UTF-16 units. */
  readonly at: number
  readonly problem: string
  readonly remedy: string
}

/** `text` holds whole escapes and whole bracket classes; the three others are braces that group. */
export interface GlobPiece {
  readonly kind: 'text' | 'open' | 'comma' | 'close'
  readonly text: string
  readonly at: number
}

type GlobScan =
  | { readonly kind: 'pieces'; readonly pieces: readonly GlobPiece[] }
  | { readonly kind: 'fault'; readonly fault: GlobFault }

const maxLength = 512
const maxStars = 16
const maxGlobstars = 8

/**
 * Escapes are allowed where they say something: before a character that has a meaning in a glob or in a rule line. Any
 * other backslash (`\.`, `\d`, `\w`) comes from a regular expression or a Windows path and would match nothing.
 */
const escapable = '\\*?[]{}()!,:#|^$~- '

export function scanGlob(glob: string): GlobScan {
  const fault = faultOfWhole(glob)
  return fault === null ? new Scanner(glob).run() : { kind: 'fault', fault }
}

function faultOfWhole(glob: string): GlobFault | null {
  if (glob === '' || glob === '/') {
    return { at: 0, problem: 'the glob is empty', remedy: 'write a name or a path; ** means every path' }
  }
  if (glob.length > maxLength) {
    const remedy = `write a shorter glob: at most ${maxLength} characters, split over several rules if need be`
    return { at: maxLength, problem: `the glob has ${glob.length} characters`, remedy }
  }
  // Paths use lone surrogates for bytes that are not UTF-8.
  if (/\p{Surrogate}/u.test(glob)) {
    return { at: 0, problem: 'half of a character', remedy: 'save the file as UTF-8' }
  }
  if (/^\s|(?<!\\)\s$/u.test(glob)) {
    const at = /^\s/u.test(glob) ? 0 : glob.length - 1
    return { at, problem: 'a space at an end of the glob', remedy: 'remove it; if a name really has it, write "\\ "' }
  }
  if (glob.startsWith('!')) {
    const remedy = 'write the exception as an ALLOW rule with a longer path; \\! for a name that begins with !'
    return { at: 0, problem: 'a rule cannot be negated with !', remedy }
  }
  if (glob === '~' || glob.startsWith('~/')) {
    return { at: 0, problem: '~ is not a home directory here', remedy: 'write the path from the top of the workspace' }
  }
  if (glob.startsWith('^')) return regexFault(0, '^')
  if (/(?<!\\)\$$/.test(glob)) return regexFault(glob.length - 1, '$')
  return null
}

function regexFault(at: number, character: string): GlobFault {
  const remedy = `leave it out: a glob always matches a whole name; \\${character} for the character itself`
  return { at, problem: `${character} looks like a regular expression; rules are globs`, remedy }
}

class Scanner {
  private readonly glob: string
  private readonly pieces: GlobPiece[] = []
  private readonly open: number[] = []
  private at = 0
  private textFrom = 0
  private stars = 0
  private globstars = 0

  constructor(glob: string) {
    this.glob = glob
  }

  run(): GlobScan {
    while (this.at < this.glob.length) {
      const fault = this.step(this.glob[this.at] ?? '')
      if (fault !== null) return { kind: 'fault', fault }
    }
    const unclosed = this.open.at(-1)
    if (unclosed !== undefined) {
      return { kind: 'fault', fault: { at: unclosed, problem: '{ is never closed', remedy: 'close it, or write \\{' } }
    }
    this.endText()
    return { kind: 'pieces', pieces: this.pieces }
  }

  private step(character: string): GlobFault | null {
    if (character === '\\') return this.escape()
    if (character === '*') return this.star()
    if (character === '[') return this.bracket()
    if (character === '{' || character === '}' || character === ',') return this.brace(character)
    if (character === '(' || character === ')' || character === '|') return this.group(character)
    if (isUnprintable(character)) {
      const problem = 'a control character, or bytes that are not UTF-8'
      return this.fault(problem, 'save the file as UTF-8; ? stands for any one character of a name')
    }
    this.at += 1
    return null
  }

  private escape(): GlobFault | null {
    const next = this.glob[this.at + 1]
    if (next === undefined || !escapable.includes(next)) {
      const what = next === undefined ? 'a backslash at the end' : `\\${next} is not an escape`
      const likely = this.glob.replaceAll('.*', '*').replaceAll('\\.', '.')
      const remedy = likely.includes('\\')
        ? 'write * for any part of a name, ** for any depth, / between names, other characters as they are'
        : `write ${likely} (* for any part of a name, ** for any depth)`
      return this.fault(`${what}; rules are globs, not regular expressions`, remedy)
    }
    this.at += 2
    return null
  }

  private star(): GlobFault | null {
    const from = this.at
    while (this.glob[this.at] === '*') this.at += 1
    if (this.at - from === 1) this.stars += 1
    else this.globstars += 1
    if (this.stars <= maxStars && this.globstars <= maxGlobstars) return null
    const [limit, what] = this.stars > maxStars ? [maxStars, '*'] : [maxGlobstars, '**']
    this.at = from
    return this.fault(`more than ${limit} ${what} in one glob`, 'split it into several rules, each with fewer')
  }

  private bracket(): GlobFault | null {
    const units = this.glob.split('')
    const end = endOfClass(units, this.at)
    const body = units.slice(this.at + 1, end).join('')
    if (end < 0 || body.includes('/')) return this.fault('[ is never closed', 'close it with ], or write \\[')
    if (/\[\\?:/.test(body)) return this.fault('classes like [:alpha:] are not known', 'write the range: [a-zA-Z]')
    for (const [, escaped = ''] of body.matchAll(/\\(.)/gsu)) {
      if (!escapable.includes(escaped)) return this.fault(`\\${escaped} is not an escape`, 'leave the backslash out')
    }
    if (parseClass(Array.from(body)).ranges.some(([low, high]) => low > high)) {
      return this.fault(`a range in [${body}] runs backwards`, 'write the smaller end first')
    }
    this.at = end + 1
    return null
  }

  private brace(character: '{' | '}' | ','): GlobFault | null {
    if (character === ',' && this.open.length === 0) {
      this.at += 1
      return null
    }
    if (character === '}' && this.open.pop() === undefined)
      return this.fault('} closes nothing', 'remove it, or write \\}')
    if (character === '{') this.open.push(this.at)
    this.endText()
    const kind = character === '{' ? 'open' : character === '}' ? 'close' : 'comma'
    this.pieces.push({ kind, text: character, at: this.at })
    this.at += 1
    this.textFrom = this.at
    return null
  }

  private group(character: string): GlobFault {
    const problem = `${character} has no meaning in these globs`
    return this.fault(problem, `write {a,b} for a choice, or \\${character} for the character itself`)
  }

  private endText(): void {
    if (this.at > this.textFrom) {
      this.pieces.push({ kind: 'text', text: this.glob.slice(this.textFrom, this.at), at: this.textFrom })
    }
  }

  private fault(problem: string, remedy: string): GlobFault {
    return { at: this.at, problem, remedy }
  }
}

/** U+FFFD is what decoding leaves of bytes that are not UTF-8. */
function isUnprintable(character: string): boolean {
  return character < ' ' || character === '\u007f' || character === '\ufffd'
}
