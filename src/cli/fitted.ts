/** What takes two columns: East Asian wide and full-width characters, and pictures. */
const scripts =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const pictures = /^(?:[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)/u
const escapes = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`)
const graphemes = new Intl.Segmenter()

const restHint = '… the rest: workspace-sync status'

/**
 * Of a text the upper part that a terminal shows without scrolling; the last row stays free. Long lines go on in the
 * next row: what somebody is to type often stands at their end.
 */
export function fitted(text: string, columns: number, rows: number): string {
  const all = text
    .replace(/\n$/, '')
    .split('\n')
    .flatMap((line) => wrapped(line, columns))
  const room = Math.max(1, rows - 1)
  if (all.length <= room) return all.join('\n')
  const [rest = ''] = wrapped(restHint, columns)
  return (room === 1 ? all.slice(0, 1) : [...all.slice(0, room - 1), rest]).join('\n')
}

/** Colors take no room, and one that was begun goes on in the next row. */
function wrapped(line: string, columns: number): readonly string[] {
  const found: string[] = []
  let row = ''
  let left = columns
  for (const part of line.split(escapes)) {
    if (escapes.test(part)) {
      row += part
      continue
    }
    for (const { segment } of graphemes.segment(part)) {
      const width = scripts.test(segment) || pictures.test(segment) ? 2 : 1
      if (width > left && left < columns) {
        found.push(row)
        row = ''
        left = columns
      }
      row += segment
      left -= width
    }
  }
  return [...found, row]
}
