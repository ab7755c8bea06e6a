/**
 * Globs: micromatch's dialect without extglobs and parentheses, matched without regular expressions, so that no glob
 * can make a match slow. What differs on purpose:
 * - `a/**` does not match `a` itself; `a/` matches `a` and everything below it.
 * - A glob without `/` matches the base name at any depth; a leading `/` anchors it to the top.
 * - `?` and `[...]` match one code point, or one byte of a name that is not UTF-8; `*` and `**` match line breaks too.
 * - `[!a]` negates as `[^a]` does; quotes, `+` and `@` are ordinary characters.
 * - Braces are shorthand: each alternative counts as a glob of its own. Number ranges count (`{1..10}` is ten numbers).
 */

import { expandBraces } from './glob-braces.ts'
import { scanGlob } from './glob-scan.ts'
import { anything, compileSegment, globstar, segmentMatches } from './glob-segment.ts'
import type { GlobFault } from './glob-scan.ts'
import type { Segment } from './glob-segment.ts'

/** One way to read a glob: a single alternative of its braces. */
export interface Pattern {
  readonly segments: readonly Segment[]
  /** Literal segments before the first wildcard; `exactRank` for a whole path without any. */
  readonly rank: number
}

type CompiledGlob =
  | { readonly kind: 'glob'; readonly patterns: readonly Pattern[] }
  | { readonly kind: 'fault'; readonly fault: GlobFault }

/** Above every other rank: a glob has at most 512 characters. */
export const exactRank = 1000

/** `[slug]` is also the name `[slug]`: a second reading. */
const plainClass = /\[[^-*+?.^${}(|)[\]\\]+\]/

export function compileGlob(glob: string): CompiledGlob {
  const scan = scanGlob(glob)
  if (scan.kind === 'fault') return scan
  const expansion = expandBraces(scan.pieces)
  if (expansion.kind === 'fault') return expansion
  const patterns: Pattern[] = []
  for (const alternative of new Set(expansion.globs)) {
    const texts = alternative.split('/')
    const fault = faultOfSegments(texts, glob)
    if (fault !== null) return { kind: 'fault', fault }
    const pattern = patternOf(texts, true)
    patterns.push(pattern)
    if (plainClass.test(alternative)) patterns.push({ segments: patternOf(texts, false).segments, rank: pattern.rank })
  }
  return { kind: 'glob', patterns }
}

/** @param names the segments of a path, at least one, none empty */
export function patternMatches(pattern: Pattern, names: readonly string[]): boolean {
  const { segments } = pattern
  // The last name tells most paths apart.
  const last = segments.at(-1)
  if (last === undefined || !segmentMatches(last, names.at(-1) ?? '')) return false
  let at = 0
  let next = 0
  let star = -1
  let starAt = 0
  // Only the last `**` is ever tried again: what an earlier one took can always be given to it.
  while (at < names.length) {
    const segment = segments[next]
    if (segment === globstar) {
      star = next
      starAt = at
      next += 1
    } else if (segment !== undefined && segmentMatches(segment, names[at] ?? '')) {
      next += 1
      at += 1
    } else {
      if (star < 0) return false
      starAt += 1
      at = starAt
      next = star + 1
    }
  }
  while (segments[next] === globstar) next += 1
  return next === segments.length
}

function patternOf(texts: readonly string[], classes: boolean): Pattern {
  const below = texts.length > 1 && texts.at(-1) === ''
  const anchored = texts[0] === '' || texts.length > (below ? 2 : 1)
  const segments = texts.filter((text) => text !== '').map((text) => compileSegment(text, classes))
  if (segments.at(-1) === globstar) segments.push(anything)
  if (!anchored) segments.unshift(globstar)
  if (below) segments.push(globstar)
  return { segments, rank: rankOf(segments, texts) }
}

function rankOf(segments: readonly Segment[], texts: readonly string[]): number {
  if (segments[0] === globstar) return 0
  const names = texts.filter((text) => text !== '')
  const wild = names.findIndex((text) => /[*?[]/.test(text.replace(/\\./gsu, '')))
  if (wild >= 0) return wild
  return segments.at(-1) === globstar ? names.length : exactRank
}

function faultOfSegments(texts: readonly string[], glob: string): GlobFault | null {
  for (const [index, text] of texts.entries()) {
    if (text === '..' || text === '.') {
      const remedy = 'write the path from the top of the workspace; / in front keeps it there'
      return { at: offsetOf(text, glob), problem: `${text} cannot be part of a rule's path`, remedy }
    }
    if (text === '.*' || text === '.+') {
      const remedy = 'write * for any name, ** for any depth, .?* for names that begin with a dot'
      return { at: offsetOf(text, glob), problem: `${text} looks like a regular expression; rules are globs`, remedy }
    }
    if (text === '' && index > 0 && index < texts.length - 1) {
      return { at: offsetOf('//', glob), problem: 'two / in a row', remedy: 'write one /' }
    }
  }
  if (texts.every((text) => text === '')) {
    return { at: 0, problem: 'one of the alternatives is empty', remedy: 'put a name into each part of the braces' }
  }
  return null
}

/** 0 when braces put the text together, so that the glob does not hold it as it is. */
function offsetOf(text: string, glob: string): number {
  return Math.max(0, glob.indexOf(text))
}
