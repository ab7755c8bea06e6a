/** Writes out braces: `{a,b}/{1..3}` is shorthand for six globs. Counted before anything is expanded. */

import micromatch from 'micromatch'
import { assert } from '../errors.ts'
import type { GlobFault, GlobPiece } from './glob-scan.ts'

/** `{1..10}` seven times in a row is ten million globs. */
const maxAlternatives = 256

type Expansion =
  { readonly kind: 'globs'; readonly globs: readonly string[] } | { readonly kind: 'fault'; readonly fault: GlobFault }

/** The braces that are left in the globs are literal: `{a}` without comma or range. */
export function expandBraces(pieces: readonly GlobPiece[]): Expansion {
  const ranges = rangesOf(pieces)
  if (ranges.kind === 'fault') return ranges
  const count = countSequence(pieces, 0, ranges.counts).count
  if (count > maxAlternatives) {
    const at = pieces.find((piece) => piece.kind === 'open')?.at ?? 0
    const problem = `the braces stand for more than ${maxAlternatives} globs`
    return {
      kind: 'fault',
      fault: { at, problem, remedy: 'split the rule, or use * where the exact names do not matter' },
    }
  }
  const literal = count === 1 && ranges.counts.size === 0
  return { kind: 'globs', globs: literal ? [textOfAll(pieces)] : expandCounted(pieces, ranges.counts) }
}

function textOfAll(pieces: readonly GlobPiece[]): string {
  return pieces.map((piece) => piece.text).join('')
}

/** By index of the piece that is the whole body of its brace: how many values the range has. */
type RangeCounts = ReadonlyMap<number, number>

function rangesOf(
  pieces: readonly GlobPiece[],
): { readonly kind: 'ranges'; readonly counts: RangeCounts } | { readonly kind: 'fault'; readonly fault: GlobFault } {
  const counts = new Map<number, number>()
  for (const [index, piece] of pieces.entries()) {
    const alone = pieces[index - 1]?.kind === 'open' && pieces[index + 1]?.kind === 'close'
    if (!alone || piece.kind !== 'text' || !piece.text.includes('..')) continue
    const count = rangeCount(piece.text)
    if (count === null) {
      const problem = `{${piece.text}} is not a range`
      return { kind: 'fault', fault: { at: piece.at, problem, remedy: 'write {1..9}, {01..12} or {a..f}' } }
    }
    counts.set(index, count)
  }
  return { kind: 'ranges', counts }
}

function rangeCount(body: string): number | null {
  const numbers = /^(-?\d{1,6})\.\.(-?\d{1,6})(?:\.\.(\d{1,6}))?$/.exec(body)
  if (numbers !== null) {
    const step = Math.max(1, Number(numbers[3] ?? 1))
    return Math.floor(Math.abs(Number(numbers[2]) - Number(numbers[1])) / step) + 1
  }
  const letters = /^([a-z])\.\.([a-z])$/.exec(body) ?? /^([A-Z])\.\.([A-Z])$/.exec(body)
  if (letters === null) return null
  return Math.abs((letters[2] ?? '').charCodeAt(0) - (letters[1] ?? '').charCodeAt(0)) + 1
}

/** How many globs the pieces from `from` up to the comma or brace that ends them stand for; never too few. */
function countSequence(
  pieces: readonly GlobPiece[],
  from: number,
  ranges: RangeCounts,
): { count: number; end: number } {
  let count = 1
  let at = from
  for (; at < pieces.length; at += 1) {
    const piece = pieces[at]
    if (piece === undefined || piece.kind === 'comma' || piece.kind === 'close') break
    if (piece.kind === 'text') {
      count *= ranges.get(at) ?? 1
      continue
    }
    let sum = 0
    do {
      const inner = countSequence(pieces, at + 1, ranges)
      sum += inner.count
      at = inner.end
    } while (pieces[at]?.kind === 'comma')
    count *= sum
  }
  return { count, end: at }
}

/** First of the private characters that stand for one piece of text each; a glob has at most 512 pieces. */
const placeholder = 0xe000

/**
 * micromatch does the expanding, but sees nothing of the glob except braces, commas and ranges: of other text it would
 * drop quotes and no-break spaces, and take `$`, `[` and parentheses for shell syntax.
 */
function expandCounted(pieces: readonly GlobPiece[], ranges: RangeCounts): string[] {
  const skeleton = pieces.map((piece, index) =>
    piece.kind === 'text' && !ranges.has(index) ? String.fromCharCode(placeholder + index) : piece.text,
  )
  const expanded = micromatch.braces(skeleton.join(''), { expand: true })
  assert(expanded.length <= maxAlternatives, `${expanded.length} globs from braces counted before`)
  return expanded.map((glob) => Array.from(glob, (character) => textOf(character, pieces)).reduce(join, ''))
}

function textOf(character: string, pieces: readonly GlobPiece[]): string {
  const index = character.charCodeAt(0) - placeholder
  return index < 0 ? character : (pieces[index]?.text ?? '')
}

const starsAtEnd = /(?<!\\)\*+$/

/** The stars of `*{,.d}*` stay within one name: side by side they are not a `**`. */
function join(left: string, right: string): string {
  if (!right.startsWith('*') || !starsAtEnd.test(left)) return left + right
  return left.replace(starsAtEnd, '*') + right.replace(/^\*+/, '')
}
