/**
 * git's own markers, in the order in which it writes them, of any length that `conflict-marker-size` gives them: seven
 * unless told. The base between `|||||||` and `=======` may be there. Jujutsu has a diff and one side in between.
 */
const sign = /^([<=>%+])\1{6,}(?= |$)/

/** What a line may be in a conflict; the middle is one of three. */
type Part = 'begin' | 'middle' | 'end'

interface Marker {
  readonly part: Part
  readonly length: number
}

/** What git puts there and nobody who quotes mail does: a commit, a branch of somebody's, or one of its own words. */
const endName = /^>+ (?:[\da-f]{7,64}(?: \(.*\))?|[\w.-]+\/\S+|main|master|HEAD|theirs|Stashed changes)$/

/**
 * The line (from 1) at which a conflict begins that nobody settled, or settled by half: one of its outer markers may be
 * gone. null: there is none.
 */
export function conflictMarkers(text: string): number | null {
  // Nearly always; a file without an outer marker needs no look at its lines.
  if (!text.includes('<<<<<<< ') && !text.includes('>>>>>>> ')) return null
  /** By length: in git's merge of merges a conflict lies within another, whose markers are shorter. */
  const begun = new Map<number, { readonly line: number; isPastMiddle: boolean }>()
  /** By length: where sides were parted that nothing has begun. */
  const parted = new Map<number, number>()
  const lines = text.split(/\r?\n/)
  for (const [index, line] of lines.entries()) {
    const marker = markerOf(line)
    if (marker === null) continue
    const { part, length } = marker
    const open = begun.get(length)
    if (part !== 'middle' && open?.isPastMiddle === true) return open.line
    if (part === 'begin') begun.set(length, { line: index + 1, isPastMiddle: false })
    else if (part === 'middle' && open !== undefined) open.isPastMiddle = true
    else if (part === 'middle' && line.startsWith('=')) parted.set(length, index + 1)
    else if (part === 'end' && parted.has(length) && isEndOf(lines, index)) return parted.get(length) ?? null
  }
  return [...begun.values()].find(({ isPastMiddle }) => isPastMiddle)?.line ?? null
}

/** Without a begin before it, it may be quoted mail. */
function isEndOf(lines: readonly string[], index: number): boolean {
  const isQuoted = (line: string | undefined): boolean => line?.startsWith('>') === true
  return endName.test(lines[index] ?? '') && !isQuoted(lines[index - 1]) && !isQuoted(lines[index + 1])
}

/** The ends have a label behind them; git's middle has none, and Jujutsu's have. */
const parts: ReadonlyMap<string, { readonly part: Part; readonly isLabelled: boolean }> = new Map([
  ['<', { part: 'begin', isLabelled: true }],
  ['>', { part: 'end', isLabelled: true }],
  ['=', { part: 'middle', isLabelled: false }],
  ['%', { part: 'middle', isLabelled: true }],
  ['+', { part: 'middle', isLabelled: true }],
])

function markerOf(line: string): Marker | null {
  const found = sign.exec(line)?.[0] ?? ''
  const known = parts.get(found.charAt(0))
  if (known === undefined || known.isLabelled !== line.length > found.length) return null
  return { part: known.part, length: found.length }
}
