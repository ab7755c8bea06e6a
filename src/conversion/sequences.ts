/** A regular expression written out: every way through its choices is one plain sequence. */

import { anyCharacter, type CharSet } from './char-set.ts'
import type { Ere } from './ere.ts'

/** `many`: any number of characters of the set. `loop`: any number of something that is no single character. */
export type Item = { readonly kind: 'one' | 'many'; readonly set: CharSet } | { readonly kind: 'loop' }

/** Items of a whole path, from its first character to its last. */
export type Sequence = readonly Item[]

type Raw = Item | { readonly kind: 'start' | 'end' }

const open: Item = { kind: 'many', set: anyCharacter }
/** All but `/`. */
const nameCharacter: CharSet = { negated: true, ranges: [[0x2f, 0x2f]] }
const sequencesMax = 64
const itemsMax = 512

/** null: too many. Sequences that no path can match are left out, and those that another one holds. */
export function sequencesOf(ere: Ere): readonly Sequence[] | null {
  const all = expand(ere)
  if (all === null) return null
  const everything = all.find((items) => items.length === 0)
  if (everything !== undefined) return [absorbed([open])]
  const keyed = new Map(all.map((items) => [` ${items.map((item) => JSON.stringify(item)).join(' ')} `, items]))
  const keys = [...keyed.keys()]
  const needed = keys.filter((key) => !keys.some((other) => other !== key && key.includes(other)))
  return needed.map((key) => anchored(keyed.get(key) ?? [])).filter((sequence) => sequence !== null)
}

/** The same with any characters of a name in place of what no glob can repeat: it matches more. */
export function widened(sequence: Sequence): Sequence {
  const name: Item = { kind: 'many', set: nameCharacter }
  const wide = sequence.map((item): Item => {
    if (item.kind === 'loop') return open
    return item.kind === 'many' && !isAnything(item) ? name : item
  })
  return absorbed(wide)
}

function expand(ere: Ere): readonly (readonly Raw[])[] | null {
  switch (ere.kind) {
    case 'one':
      return [[ere]]
    case 'start':
    case 'end':
      return [[{ kind: ere.kind }]]
    case 'choice':
      return limited(ere.parts.map(expand).reduce(sum, []))
    case 'sequence':
      return ere.parts.map(expand).reduce(product, [[]])
    case 'repeat':
      return repeated(ere.of, ere.min, ere.max)
  }
}

function repeated(of: Ere, min: number, max: number): readonly (readonly Raw[])[] | null {
  const once = expand(of)
  if (once === null) return null
  let ways: readonly (readonly Raw[])[] | null = [[]]
  for (let times = 0; times < min; times += 1) ways = product(ways, once)
  if (max === Infinity) return product(ways, [[endless(of)]])
  let all = ways
  for (let times = min; times < max && all !== null; times += 1) {
    ways = product(ways, once)
    all = limited(sum(all, ways))
  }
  return all
}

function endless(of: Ere): Item {
  const [only] = of.kind === 'sequence' && of.parts.length === 1 ? of.parts : [of]
  if (only?.kind === 'one') return { kind: 'many', set: only.set }
  // A choice of single characters, (a|b)*, and groups, (ab)*.
  return { kind: 'loop' }
}

type Ways = readonly (readonly Raw[])[] | null

function sum(a: Ways, b: Ways): Ways {
  return a === null || b === null ? null : [...a, ...b]
}

function product(a: Ways, b: Ways): Ways {
  if (a === null || b === null || a.length * b.length > sequencesMax) return null
  return limited(a.flatMap((left) => b.map((right) => [...left, ...right])))
}

function limited(ways: Ways): Ways {
  const isTooMuch = ways === null || ways.length > sequencesMax || ways.some((items) => items.length > itemsMax)
  return isTooMuch ? null : ways
}

/** Anchors stand at the ends, or what lies beyond them is empty; null: no path can match. */
function anchored(raw: readonly Raw[]): Sequence | null {
  const start = raw.findLastIndex(({ kind }) => kind === 'start')
  const end = raw.findIndex(({ kind }) => kind === 'end')
  const last = end < 0 ? raw.length : end
  const beyond = [...raw.slice(0, Math.max(0, start)), ...raw.slice(last + 1)]
  if (last < start || beyond.some(({ kind }) => kind === 'one')) return null
  const items = raw.slice(start + 1, last).filter((item): item is Item => item.kind !== 'start' && item.kind !== 'end')
  const whole = [...(start >= 0 ? [] : [open]), ...items, ...(end >= 0 ? [] : [open])]
  return absorbed(whole)
}

/**
 * Beside `.*` what may be empty adds nothing, also behind some `.` of their own: a stretch of them is as many
 * characters as it has `.`, or more.
 */
function absorbed(items: readonly Item[]): readonly Item[] {
  const out: Item[] = []
  let stretch: Item[] = []
  const close = (): void => {
    const ones = stretch.filter(({ kind }) => kind === 'one')
    const anything = stretch.find(isAnything)
    const isFirst = out.length === 0
    if (anything === undefined) out.push(...stretch.filter((item, index) => !isSame(item, stretch[index - 1])))
    else if (isFirst) out.push(anything, ...ones)
    else out.push(...ones, anything)
    stretch = []
  }
  for (const item of items) {
    if (item.kind === 'one' && !isAny(item.set)) {
      close()
      out.push(item)
    } else stretch.push(item)
  }
  close()
  return out
}

function isSame(a: Item, b: Item | undefined): boolean {
  return a.kind === 'many' && JSON.stringify(a) === JSON.stringify(b)
}

export function isAnything(item: Item): boolean {
  return item.kind === 'many' && isAny(item.set)
}

function isAny({ negated, ranges }: CharSet): boolean {
  return negated && ranges.length === 0
}
