/**
 * One segment of a glob, and whether one name of a path matches it. Backtracks to the last star only, so the cost is at
 * most pattern length times name length whatever the pattern: a regular expression made from `*a*a*a*b` takes minutes.
 */

import { classMatches, endOfClass, isPlainClass, parseClass } from './glob-class.ts'
import type { CharClass } from './glob-class.ts'

/** A number is that code point. */
type Token = number | 'any' | 'star' | CharClass

export type Segment =
  | { readonly kind: 'globstar' }
  | { readonly kind: 'anything' }
  | { readonly kind: 'literal'; readonly text: string }
  /** Exactly one star, otherwise literal. */
  | { readonly kind: 'affix'; readonly prefix: string; readonly suffix: string }
  | {
      readonly kind: 'tokens'
      /** The literal text before the first and after the last token that is not literal, and the longest between. */
      readonly prefix: string
      readonly suffix: string
      readonly middle: string
      readonly tokens: readonly Token[]
    }

export const globstar: Segment = { kind: 'globstar' }
export const anything: Segment = { kind: 'anything' }

/**
 * @param text one segment whose brackets are balanced and whose braces are gone
 * @param classes false: read `[abc]` as those five characters
 */
export function compileSegment(text: string, classes: boolean): Segment {
  if (text === '**') return globstar
  if (/^\*+$/.test(text)) return anything
  return compilePlain(text) ?? compileTokens(tokenize(text, classes))
}

/** Nearly every segment is literal or has one star: read without looking at each character. */
function compilePlain(text: string): Segment | null {
  if (/[\\?[]/.test(text)) return null
  const star = text.indexOf('*')
  if (star < 0) return { kind: 'literal', text }
  const suffix = text.slice(star).replace(/^\*+/, '')
  return suffix.includes('*') ? null : { kind: 'affix', prefix: text.slice(0, star), suffix }
}

function compileTokens(tokens: readonly Token[]): Segment {
  const first = tokens.findIndex(isWild)
  if (first < 0) return { kind: 'literal', text: literalOf(tokens) }
  const last = tokens.findLastIndex(isWild)
  const prefix = literalOf(tokens.slice(0, first))
  const suffix = literalOf(tokens.slice(last + 1))
  if (first === last && tokens[first] === 'star') return { kind: 'affix', prefix, suffix }
  return { kind: 'tokens', prefix, suffix, middle: longestLiteral(tokens.slice(first, last)), tokens }
}

/** `globstar` never reaches this: it spans names, not characters. */
export function segmentMatches(segment: Segment, name: string): boolean {
  if (segment.kind === 'literal') return segment.text === name
  if (segment.kind === 'globstar' || segment.kind === 'anything') return true
  const { prefix, suffix } = segment
  if (!name.startsWith(prefix) || !name.endsWith(suffix)) return false
  if (segment.kind === 'affix') return name.length >= prefix.length + suffix.length
  return name.includes(segment.middle) && tokensMatch(segment.tokens, name)
}

function tokensMatch(tokens: readonly Token[], name: string): boolean {
  let at = 0
  let next = 0
  let star = -1
  let starAt = 0
  while (at < name.length) {
    const token = tokens[next]
    if (token === 'star') {
      star = next
      starAt = at
      next += 1
      continue
    }
    const code = name.codePointAt(at) ?? 0
    if (token !== undefined && tokenMatches(token, code)) {
      next += 1
      at += widthOf(code)
      continue
    }
    if (star < 0) return false
    starAt += widthOf(name.codePointAt(starAt) ?? 0)
    at = starAt
    next = star + 1
  }
  while (tokens[next] === 'star') next += 1
  return next === tokens.length
}

function widthOf(code: number): number {
  return code > 0xffff ? 2 : 1
}

function tokenMatches(token: Exclude<Token, 'star'>, code: number): boolean {
  if (typeof token === 'number') return token === code
  if (token === 'any') return true
  return classMatches(token, code)
}

function isWild(token: Token): boolean {
  return typeof token !== 'number'
}

function literalOf(tokens: readonly Token[]): string {
  return String.fromCodePoint(...tokens.filter((token) => typeof token === 'number'))
}

function longestLiteral(tokens: readonly Token[]): string {
  let longest = ''
  let run: Token[] = []
  for (const token of tokens) {
    run = isWild(token) ? [] : [...run, token]
    if (run.length > longest.length) longest = literalOf(run)
  }
  return longest
}

function tokenize(text: string, classes: boolean): Token[] {
  const characters = Array.from(text)
  const tokens: Token[] = []
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at] ?? ''
    if (character === '\\') {
      at += 1
      tokens.push(codeOf(characters[at]))
    } else if (character === '*') {
      // A run of stars inside a name is one star, in micromatch too.
      if (tokens.at(-1) !== 'star') tokens.push('star')
    } else if (character === '?') {
      tokens.push('any')
    } else if (character === '[') {
      const end = endOfClass(characters, at)
      const body = characters.slice(at + 1, end)
      if (classes || !isPlainClass(body)) tokens.push(onlyMember(parseClass(body)))
      else tokens.push(...['[', ...body, ']'].map(codeOf))
      at = end
    } else {
      tokens.push(codeOf(character))
    }
  }
  return tokens
}

/** A class of one character is that character: the index can use it. */
function onlyMember(wanted: CharClass): CharClass | number {
  const [range, ...others] = wanted.ranges
  if (wanted.negated || range === undefined || others.length > 0) return wanted
  return range[0] === range[1] ? range[0] : wanted
}

function codeOf(character: string | undefined): number {
  return character?.codePointAt(0) ?? 0
}
