import type { CharSet } from './char-set.ts'

type Bracket = { readonly set: CharSet; readonly end: number } | { readonly problem: string; readonly remedy: string }

/** Whose order is the same in every language. */
const alphabets = [/^[0-9]{2}$/, /^[a-z]{2}$/, /^[A-Z]{2}$/]

/** A bracket expression that begins at `open`. A backslash is an ordinary character in it, as POSIX has it. */
export function readBracket(text: string, open: number): Bracket {
  let at = open + 1
  const negated = text[at] === '^'
  if (negated) at += 1
  const members: string[] = []
  for (let isFirst = true; ; isFirst = false) {
    const character = text.codePointAt(at)
    if (character === undefined) {
      return {
        problem: 'a [ that is never closed before the colon',
        remedy: 'write ranges such as [0-9] for [[:digit:]]',
      }
    }
    const member = String.fromCodePoint(character)
    if (member === ']' && !isFirst) break
    if (member === '[' && /^\[[.=:]/.test(text.slice(at))) {
      return { problem: 'a class, or characters by their names', remedy: 'write the characters themselves: [a-z]' }
    }
    members.push(member)
    at += member.length
  }
  const ranges = rangesOf(members)
  if (ranges === null) {
    const body = text.slice(open, at + 1)
    const problem = `which characters lie within ${body} depends on the language of the machine`
    return { problem, remedy: 'use ranges within 0-9, a-z and A-Z only, and - as the last character' }
  }
  return { set: { negated, ranges: joined(ranges) }, end: at + 1 }
}

function rangesOf(members: readonly string[]): readonly (readonly [number, number])[] | null {
  const ranges: [number, number][] = []
  for (let at = 0; at < members.length; at += 1) {
    const low = members[at] ?? ''
    const high = members[at + 2]
    if (members[at + 1] === '-' && high !== undefined) {
      if (low > high || !alphabets.some((alphabet) => alphabet.test(low + high))) return null
      ranges.push([codeOf(low), codeOf(high)])
      at += 2
    } else {
      ranges.push([codeOf(low), codeOf(low)])
    }
  }
  return ranges
}

function joined(ranges: readonly (readonly [number, number])[]): readonly (readonly [number, number])[] {
  const apart: [number, number][] = []
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    const last = apart.at(-1)
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high)
    else apart.push([low, high])
  }
  return apart
}

function codeOf(character: string): number {
  return character.codePointAt(0) ?? 0
}
