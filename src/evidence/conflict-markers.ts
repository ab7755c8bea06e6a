/** git's own markers, in the order in which it writes them; the base between `|||||||` and `=======` may be there. */
const begin = /^<{7} /
const middle = /^={7}$/
const end = /^>{7} /

/** The line (from 1) at which a whole set of conflict markers begins; null: there is none. */
export function conflictMarkers(text: string): number | null {
  // Nearly always; a file without the last marker needs no look at its lines.
  if (!text.includes('>>>>>>> ')) return null
  let beganAt: number | null = null
  let isPastMiddle = false
  for (const [index, line] of text.split('\n').entries()) {
    const bare = line.endsWith('\r') ? line.slice(0, -1) : line
    if (begin.test(bare)) {
      beganAt = index + 1
      isPastMiddle = false
    } else if (beganAt !== null && middle.test(bare)) isPastMiddle = true
    else if (beganAt !== null && isPastMiddle && end.test(bare)) return beganAt
  }
  return null
}
