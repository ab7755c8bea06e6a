/** What takes two columns: East Asian wide and full-width characters, and pictures. */
const scripts =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/
const pictures = /^(?:[\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}|\p{Extended_Pictographic}\ufe0f)/u
const escapes = new RegExp(`(${String.fromCharCode(27)}\\[[0-9;]*m)`)
const graphemes = new Intl.Segmenter()

/** Of a text the upper left part that a terminal shows without scrolling or wrapping; the last row stays free. */
export function fitted(text: string, columns: number, rows: number): string {
  const lines = text.replace(/\n$/, '').split('\n')
  return lines
    .slice(0, Math.max(1, rows - 1))
    .map((line) => cut(line, columns))
    .join('\n')
}

/** Colors take no room, and one that was begun is still ended. */
function cut(line: string, columns: number): string {
  let left = columns
  return line
    .split(escapes)
    .map((part) => {
      if (escapes.test(part)) return part
      let kept = ''
      for (const { segment } of graphemes.segment(part)) {
        left -= scripts.test(segment) || pictures.test(segment) ? 2 : 1
        if (left < 0) break
        kept += segment
      }
      return kept
    })
    .join('')
}
