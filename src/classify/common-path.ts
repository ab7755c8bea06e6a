import { classMatches, type CharClass } from './glob-class.ts'
import { globstar, segmentMatches, type Segment } from './glob-segment.ts'
import type { Pattern } from './globs.ts'

/** What stands for any character, and for any name. */
const filler = 'x'
/** Tried for a class that excludes characters. */
const fillers = 'xabcdefgh0123456789_-.'

/** The names of a path that both patterns match; null: none was found, though for odd names there may be one. */
export function commonPath(a: Pattern, b: Pattern): readonly string[] | null {
  const dead = new Set<string>()
  const walk = (at: number, next: number): readonly string[] | null => {
    const key = `${at} ${next}`
    if (dead.has(key)) return null
    const found = step(at, next)
    if (found === null) dead.add(key)
    return found
  }
  const step = (at: number, next: number): readonly string[] | null => {
    const [left, right] = [a.segments[at], b.segments[next]]
    if (left === undefined && right === undefined) return []
    if (left === globstar) return walk(at + 1, next) ?? (right && taken(right, () => walk(at, next + 1))) ?? null
    if (right === globstar) return walk(at, next + 1) ?? (left && taken(left, () => walk(at + 1, next))) ?? null
    if (left === undefined || right === undefined) return null
    const name = commonName(left, right)
    return name === null ? null : before([name], walk(at + 1, next + 1))
  }
  return walk(0, 0)
}

/** What a `**` of the other side takes. */
function taken(segment: Segment, rest: () => readonly string[] | null): readonly string[] | null {
  if (segment === globstar) return rest()
  const name = exampleName(segment)
  return name === null ? null : before([name], rest())
}

function before(names: readonly string[], rest: readonly string[] | null): readonly string[] | null {
  return rest === null ? null : [...names, ...rest]
}

function commonName(left: Segment, right: Segment): string | null {
  const prefix = longer(prefixOf(left), prefixOf(right))
  const suffix = longer(suffixOf(left), suffixOf(right))
  const tried = [exampleName(left), exampleName(right), prefix + filler + suffix, prefix + suffix]
  return tried.find((name) => isName(name) && segmentMatches(left, name) && segmentMatches(right, name)) ?? null
}

function isName(name: string | null): name is string {
  return name !== null && !['', '.', '..'].includes(name)
}

function longer(a: string, b: string): string {
  return a.length >= b.length ? a : b
}

function prefixOf(segment: Segment): string {
  return 'prefix' in segment ? segment.prefix : ''
}

function suffixOf(segment: Segment): string {
  return 'suffix' in segment ? segment.suffix : ''
}

function exampleName(segment: Segment): string | null {
  switch (segment.kind) {
    case 'literal':
      return segment.text
    case 'anything':
    case 'globstar':
      return filler
    case 'affix':
      return `${segment.prefix}${filler}${segment.suffix}`
    case 'tokens': {
      const characters = segment.tokens.map((token) => {
        if (typeof token === 'number') return String.fromCodePoint(token)
        if (token === 'any') return filler
        return token === 'star' ? '' : exampleMember(token)
      })
      const name = characters.every((character) => character !== null) ? characters.join('') : null
      return isName(name) ? name : null
    }
  }
}

function exampleMember(wanted: CharClass): string | null {
  const [first] = wanted.ranges
  if (!wanted.negated && first !== undefined) return String.fromCodePoint(first[0])
  return Array.from(fillers).find((character) => classMatches(wanted, character.charCodeAt(0))) ?? null
}
