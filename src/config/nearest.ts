/** Longest name that is compared; a longer one is nobody's typing error. */
const nameLengthMax = 100

/**
 * The known name that was most likely meant: fewest single-character edits, at most a third of the name; else the only
 * known name that ends or starts with it (`commitsPerHour` for `limits.commitsPerHour`).
 */
export function nearest(name: string, known: readonly string[]): string | null {
  if (name.length === 0 || name.length > nameLengthMax) return null
  const wanted = name.toLowerCase()
  let best: string | null = null
  let fewest = Math.max(1, Math.floor(name.length / 3)) + 1
  for (const candidate of known) {
    const edits = distance(wanted, candidate.toLowerCase(), fewest)
    if (edits < fewest) {
      fewest = edits
      best = candidate
    }
  }
  return best ?? onlyOne(known.filter((candidate) => isPartOf(wanted, candidate.toLowerCase())))
}

function isPartOf(name: string, known: string): boolean {
  return known.endsWith(`.${name}`) || known.startsWith(`${name}.`)
}

function onlyOne(names: readonly string[]): string | null {
  return names.length === 1 ? (names[0] ?? null) : null
}

/** Levenshtein distance, with neighbours swapped counted once; `limit` when it is not less than that. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit
  let before: readonly number[] = []
  let row: readonly number[] = Array.from({ length: b.length + 1 }, (_, column) => column)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1
      let cost = Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + same)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) cost = Math.min(cost, (before[j - 2] ?? 0) + 1)
      next.push(cost)
    }
    before = row
    row = next
  }
  return Math.min(row[b.length] ?? limit, limit)
}
