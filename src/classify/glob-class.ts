/** Bracket classes: `[abc]`, `[a-z]`, `[^a]` and, as in every shell, `[!a]`. One class matches one code point. */

export interface CharClass {
  readonly negated: boolean
  /** Pairs of code points, both ends included. */
  readonly ranges: readonly (readonly [number, number])[]
}

export function classMatches(wanted: CharClass, code: number): boolean {
  for (const [low, high] of wanted.ranges) if (code >= low && code <= high) return !wanted.negated
  return wanted.negated
}

/** The index of the bracket that closes the class opened at `open`, or -1. A `]` that comes first is a member. */
export function endOfClass(characters: readonly string[], open: number): number {
  let at = open + 1
  if (characters[at] === '!' || characters[at] === '^') at += 1
  if (characters[at] === ']') at += 1
  for (; at < characters.length; at += 1) {
    if (characters[at] === '\\') at += 1
    else if (characters[at] === ']') return at
  }
  return -1
}

/**
 * micromatch reads `[slug]` both as one character of four and as the name `[slug]` itself, as web frameworks use it,
 * unless a character inside has a meaning of its own (`[a-z]`, `[^a]`).
 */
export function isPlainClass(body: readonly string[]): boolean {
  return body[0] !== '!' && !body.some((character) => '-*+?.^${}(|)[]\\'.includes(character))
}

/** @param body what stands between the brackets, one code point each; a range may come out backwards */
export function parseClass(body: readonly string[]): CharClass {
  const negated = body[0] === '!' || body[0] === '^'
  const members: { readonly code: number; readonly dash: boolean }[] = []
  for (let at = negated ? 1 : 0; at < body.length; at += 1) {
    const escaped = body[at] === '\\'
    if (escaped) at += 1
    members.push({ code: body[at]?.codePointAt(0) ?? 0, dash: !escaped && body[at] === '-' })
  }
  const ranges: [number, number][] = []
  for (let at = 0; at < members.length; at += 1) {
    const low = members[at]?.code ?? 0
    const high = members[at + 2]
    if (members[at + 1]?.dash === true && high !== undefined) {
      ranges.push([low, high.code])
      at += 2
    } else {
      ranges.push([low, low])
    }
  }
  return { negated, ranges }
}
