import type { FoundSecret } from './assigned-secrets.ts'

/** Something that is recognised by how it is written. */
export interface Form {
  readonly kind: string
  /** A text that has none of these, in lower case, has nothing of the form: most texts need no more of a look. */
  readonly needs: readonly string[]
  readonly pattern: RegExp
  /** Whether what the last group holds is worth keeping; left out: the form itself says so. */
  readonly holds?: (value: string) => boolean
}

/** What all forms together need is looked for in one pass: a pass a form took as long as all the rest. */
export function createSearch(forms: readonly Form[]): (text: string) => readonly FoundSecret[] {
  const presentIn = createPresence(forms.flatMap(({ needs }) => needs))
  return (text) => {
    const present = presentIn(text.toLowerCase())
    return forms.flatMap(({ kind, needs, pattern, holds }) => {
      if (!needs.some((need) => present.has(need))) return []
      return [...text.matchAll(pattern)].flatMap((match) =>
        holds === undefined || holds(match.at(-1) ?? '') ? [{ kind, at: match.index }] : [],
      )
    })
  }
}

function createPresence(needs: readonly string[]): (lower: string) => ReadonlySet<string> {
  const all = [...new Set(needs)].toSorted((a, b) => b.length - a.length)
  const characters = all.filter(({ length }) => length === 1)
  const words = all.filter(({ length }) => length > 1)
  const pattern = new RegExp(words.map((word) => word.replace(/[^\w\s-]/g, '\\$&')).join('|'), 'g')
  /** Two that begin at one place: the shorter is the begin of the longer, which is tried first. */
  const within = new Map(words.map((word) => [word, words.filter((other) => word.includes(other))]))
  return (lower) => {
    const found = new Set(characters.filter((character) => lower.includes(character)))
    pattern.lastIndex = 0
    for (let match = pattern.exec(lower); match !== null; match = pattern.exec(lower)) {
      for (const word of within.get(match[0]) ?? []) found.add(word)
      pattern.lastIndex = match.index + 1
    }
    return found
  }
}
