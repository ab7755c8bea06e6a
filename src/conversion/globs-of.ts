/** Plain sequences to globs that match exactly the same paths. */

import type { CharSet } from './char-set.ts'
import { isAnything, type Item, type Sequence } from './sequences.ts'

const slash = '/'.charCodeAt(0)
/** Characters of a stretch that may each be a `/`: every one doubles the ways to write it. */
const openMax = 6
/** Members of a class that are written out as a choice. */
const choiceMax = 16

/** `dot`: a name that so far is nothing but a dot, which a name never is as a whole. */
type Token =
  | { readonly kind: 'edge' }
  | { readonly kind: 'slash' }
  | { readonly kind: 'text'; readonly text: string; readonly isDot: boolean }
  | { readonly kind: 'star' }
  | { readonly kind: 'anything' }

const edge: Token = { kind: 'edge' }
const slashToken: Token = { kind: 'slash' }

/** @returns the glob, or why there is none; null: no path matches. */
export function globOf(items: Sequence): { readonly glob: string } | { readonly problem: string } | null {
  const fault = faultOf(items)
  if (fault !== null) return { problem: fault }
  let glob = ''
  let before: Token = edge
  for (let at = 0; at < items.length;) {
    const length = Math.max(1, openLength(items, at))
    const stretch = items.slice(at, at + length)
    at += length
    const next = items[at]
    const after = next === undefined ? edge : tokenOf(next, edge)
    if (stretch.filter(({ kind }) => kind === 'one').length > openMax) {
      return { problem: `more than ${openMax} characters in a row may each be a /` }
    }
    const ways = waysOf(stretch, before)
    const texts = [...new Set(ways.flatMap((way) => written(way, before, after)))]
    if (texts.length === 0) return null
    glob += texts.length === 1 ? (texts[0] ?? '') : `{${texts.join(',')}}`
    before = ways.length === 1 ? (ways[0]?.at(-1) ?? before) : { kind: 'text', text: '', isDot: false }
  }
  return { glob: anchoredGlob(glob) }
}

function faultOf(items: readonly Item[]): string | null {
  if (items.some(({ kind }) => kind === 'loop')) return 'a glob cannot repeat more than one character'
  const many = items.find((item) => item.kind === 'many' && !isAnything(item) && !isNameCharacter(item.set))
  if (many !== undefined) return 'a glob has no "any number of these characters", only of all'
  const wide = items.some((item) => item.kind === 'one' && choiceOf(item.set) === 'too-many')
  return wide ? `a choice of more than ${choiceMax} characters that no range holds` : null
}

/** How many items from `at` on may each hold a `/` or not. What does not is a stretch of its own. */
function openLength(items: readonly Item[], at: number): number {
  const rest = items.slice(at).findIndex((item) => !isOpen(item))
  return rest < 0 ? items.length - at : rest
}

function isOpen(item: Item): boolean {
  if (item.kind !== 'one') return isAnything(item)
  return holds(item.set, slash) && nameText(item.set) !== ''
}

function waysOf(stretch: readonly Item[], before: Token): readonly (readonly Token[])[] {
  let ways: readonly (readonly Token[])[] = [[]]
  for (const item of stretch) {
    ways = ways.flatMap((way) => {
      const token = tokenOf(item, way.at(-1) ?? before)
      return isOpen(item) && item.kind === 'one'
        ? [
            [...way, token],
            [...way, slashToken],
          ]
        : [[...way, token]]
    })
  }
  return ways
}

/** A character that may be a `/` is taken for one of a name here. */
function tokenOf(item: Item, before: Token): Token {
  if (item.kind === 'loop') return edge
  if (item.kind === 'many') return isAnything(item) ? { kind: 'anything' } : { kind: 'star' }
  const text = nameText(item.set)
  if (text === '') return slashToken
  return { kind: 'text', text, isDot: text === '.' && isBoundary(before) }
}

/** Of one way between what stands before and behind it: none where a name would be empty. */
function written(way: readonly Token[], before: Token, after: Token): readonly string[] {
  let texts: readonly string[] = ['']
  for (const [index, token] of way.entries()) {
    const left = way[index - 1] ?? before
    const right = way[index + 1] ?? after
    if (token.kind === 'slash' && (left.kind === 'slash' || left.kind === 'edge')) return []
    if (token.kind === 'slash' && (right.kind === 'slash' || right.kind === 'edge')) return []
    const forms = formsOf(token, left, right)
    texts = texts.flatMap((text) => forms.map((form) => text + form))
  }
  return texts
}

function formsOf(token: Token, left: Token, right: Token): readonly string[] {
  if (token.kind === 'edge') return []
  if (token.kind === 'slash') return ['/']
  if (token.kind === 'text') return [token.text]
  // A dot alone is no name, and rule files refuse `.*` as a regular expression in disguise.
  const rest = left.kind === 'text' && left.isDot ? '?*' : '*'
  const isWhole = isBoundary(right)
  if (token.kind === 'star') return [isWhole ? rest : '*']
  if (isBoundary(left)) return right.kind === 'edge' ? ['**'] : right.kind === 'slash' ? ['*/**'] : ['**/*']
  if (right.kind === 'slash') return [`${rest}/**`]
  return right.kind === 'edge' ? [rest, `${rest}/**`] : ['*', `${rest}/**/*`]
}

function isBoundary({ kind }: Token): boolean {
  return kind === 'edge' || kind === 'slash'
}

/** A glob without `/` would match at any depth. */
function anchoredGlob(glob: string): string {
  let outside = glob.replace(/\\./gsu, '').replace(/\[[^\]]*\]/g, '')
  while (/\{[^{}]*\}/.test(outside)) outside = outside.replace(/\{[^{}]*\}/g, '')
  const whole = outside.includes('/') || glob === '**' ? glob : `/${glob}`
  return whole.replace(/^ /, '\\ ').replace(/(?<!\\) $/, '\\ ')
}

/** The set as it stands in a glob for one character of a name; '' when it holds none but `/`. */
function nameText(set: CharSet): string {
  const { negated, ranges } = set
  const without = withoutSlash(ranges)
  if (negated) return without.length === 0 ? '?' : `[^${without.map(rangeText).join('')}]`
  const [first] = without
  if (first === undefined) return ''
  if (without.length === 1 && first[0] === first[1]) return literalText(String.fromCodePoint(first[0]))
  const choice = choiceOf(set)
  if (Array.isArray(choice)) return `{${choice.map(literalText).join(',')}}`
  return `[${without.map(rangeText).join('')}]`
}

/**
 * `[ab]` is the name `[ab]` in a glob too, unless a range or a sign stands in it: such a class is written as a choice.
 * @returns null where a class says it.
 */
function choiceOf({ negated, ranges }: CharSet): readonly string[] | 'too-many' | null {
  const without = withoutSlash(ranges)
  if (negated || without.length < 2 || without.some(([low, high]) => low !== high)) return null
  if (without.length > choiceMax) return 'too-many'
  return without.map(([low]) => String.fromCodePoint(low))
}

function withoutSlash(ranges: CharSet['ranges']): CharSet['ranges'] {
  return ranges.flatMap(([low, high]): CharSet['ranges'] => {
    if (slash < low || slash > high) return [[low, high]]
    const parts: CharSet['ranges'] = [
      [low, slash - 1],
      [slash + 1, high],
    ]
    return parts.filter(([from, to]) => from <= to)
  })
}

function rangeText([low, high]: readonly [number, number]): string {
  const [from, to] = [low, high].map((code) => String.fromCodePoint(code).replace(/[\\[\]^!-]/, '\\$&'))
  return low === high ? (from ?? '') : `${from}-${to}`
}

function literalText(character: string): string {
  return character.replace(/[\\*?[\]{}()|,!^$~:]/, '\\$&')
}

/** Every character of a name, and no other. */
function isNameCharacter({ negated, ranges }: CharSet): boolean {
  return negated && ranges.length === 1 && ranges[0]?.[0] === slash && ranges[0][1] === slash
}

function holds({ negated, ranges }: CharSet, code: number): boolean {
  return ranges.some(([low, high]) => code >= low && code <= high) !== negated
}
