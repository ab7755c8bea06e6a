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

/** The line (from 1) at which a whole set of conflict markers begins; null: there is none. */
export function conflictMarkers(text: string): number | null {
  // Nearly always; a file without the last marker needs no look at its lines.
  if (!text.includes('>>>>>>> ')) return null
  /** By length: in git's merge of merges a conflict lies within another, whose markers are shorter. */
  const begun = new Map<number, { readonly line: number; isPastMiddle: boolean }>()
  for (const [index, line] of text.split('\n').entries()) {
    const marker = markerOf(line.endsWith('\r') ? line.slice(0, -1) : line)
    if (marker === null) continue
    const open = begun.get(marker.length)
    if (marker.part === 'begin') begun.set(marker.length, { line: index + 1, isPastMiddle: false })
    else if (open !== undefined && marker.part === 'middle') open.isPastMiddle = true
    else if (open?.isPastMiddle === true) return open.line
  }
  return null
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
