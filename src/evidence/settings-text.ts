/** Whether a text is a file of settings, in which bare words are values. */

const setting =
  /^\s*(?:export\s+|set\s+|-\s+)?["']?(?:\w+::)*[\w.$/@-]+["']?(?:\s*[=:](?![=:])|[ \t]+(?=\S+\s*$))\s*(.*)$/
const remark = /^\s*(?:[#;!]|\/\/|<!--|--|\*)/
const structure = /^\s*(?:[\s{}[\](),;]*|\[[^\]]*\]|<[^>]*>.*|<\?php|---|["'][^"']*["'],?)\s*$/
/** How lines of programs begin, and what follows there. */
const declaring =
  'require|require_relative|module|extend|namespace|const|let|var|async|pub|func|fn|public|private|protected|static'
const opening = 'import|export (?:const|default|function)|function|class|def|return|package|#include|if|for|while|use'
const code = new RegExp(
  String.raw`^\s*(?:(?:${declaring})\s+[\w{[$*'"]|(?:module\.)?exports\b|(?:${opening})\b.*[;({:\w]$)`,
)
/** Words in a row, as people write them for people. */
const sentence = /[A-Za-z\x80-\xff]{2,} [A-Za-z\x80-\xff]{2,}/

/** A word as it stands on a button. */
const label = /^["']?[A-Z\xc3-\xd1][a-z\x80-\xff]+["']?,?$/

/** A larger text in JSON is data. */
const jsonMax = 64 * 1024
const headMax = 8_000
const linesMax = 80
/** A longer line is data or minified code. */
const lineMax = 1_000

/** Most of its first lines are settings, and what they say is not for people to read, as in a catalogue of messages. */
export function looksLikeSettings(text: string): boolean {
  const lines = inLines(text).slice(0, headMax).split(/\r?\n/).slice(0, linesMax)
  if (lines.some((line) => line.length > lineMax || code.test(line))) return false
  const filled = lines.filter((line) => line.trim() !== '' && !remark.test(line))
  const settings = filled.flatMap((line) => setting.exec(line)?.[1] ?? [])
  const elements = filled.filter((line) => structure.test(line))
  const spoken = settings.filter((value) => sentence.test(value))
  if (settings.length > 2 && settings.filter((value) => label.test(value)).length >= 0.6 * settings.length) return false
  if (settings.length === 0 && elements.every((line) => !line.includes('<'))) return false
  return settings.length + elements.length >= 0.8 * filled.length && spoken.length <= 0.4 * settings.length
}

/** JSON says the same on one line as on many. */
function inLines(text: string): string {
  if (text.length > jsonMax || !/^\s*[{[]/.test(text)) return text
  try {
    return JSON.stringify(JSON.parse(text), null, 1)
  } catch {
    return text
  }
}
