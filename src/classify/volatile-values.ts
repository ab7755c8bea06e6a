/**
 * What a volatile member may hold to be left out: a moment, an id, a number, or nothing. A `timestamp` that describes a
 * field, a `heartbeat` that configures one, and prose under such a name are what somebody meant.
 */

/** Longer texts are none of these. */
const textMax = 80

const number = /^[+-]?(?:0x[\da-f]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:e[+-]?\d+)?)$/i

const clock = String.raw`\d\d?[:-]\d\d(?:[:-]\d\d)?(?:[.,]\d{1,9})?(?: ?[ap]\.?m\.?)?`
const packedClock = String.raw`\d{4}(?:\d\d)?(?:[.,]?\d{1,9})?`
const zone = String.raw`(?: ?(?:z|[a-z]{3,4}))?(?: ?[+-]\d\d(?::?\d\d)?)?(?: ?[[(][\w /:+-]+[\])])?`
const day = String.raw`(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6},? +`
const month = String.raw`(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.?`
const date = [
  String.raw`\d{4}[-/.]\d\d?(?:[-/.]\d\d?)?`,
  String.raw`\d{8}`,
  String.raw`\d\d?[-/.]\d\d?[-/.]\d{4}`,
  String.raw`(?:${day})?\d\d?(?:st|nd|rd|th)?[ -]${month}[ -]\d{4}`,
  String.raw`(?:${day})?${month} +\d\d?(?:st|nd|rd|th)?,? \d{4}`,
].join('|')
const unit = '(?:millisecond|second|minute|hour|day|week|month|year)'
const moments = [
  String.raw`(?:${date})(?:(?:[t _-]|, | at )(?:${clock}|${packedClock})${zone})?`,
  // Without an offset: 10:00-12:00 is when somebody is there.
  String.raw`\d\d?:\d\d(?::\d\d(?:[.,]\d{1,9})?)?(?: ?[ap]\.?m\.?)?(?: ?(?:z|[a-z]{3,4}))?`,
  String.raw`${day}${month} +\d\d? ${clock}${zone} \d{4}`,
  // Of logs.
  String.raw`${month} +\d\d? ${clock}|\d\d?/${month}/\d{4}:${clock}${zone}|\d{4}-?W\d\d(?:-?\d)?|@\d{9,}(?:\.\d+)?`,
  String.raw`never|(?:just )?now|(?:about |~ ?)?(?:\d+(?:\.\d+)?|an?) ?(?:ms|[smhdw]|sec|min|hr|${unit}s?) ago`,
]
const moment = new RegExp(`^(?:${moments.join('|')})$`, 'i')

const usual = '0000-00-00T00:00:00.'
const digit = 0x30
const usualBytes = Buffer.from(usual)

/** One word of letters, digits and dashes. */
const word = /^[\w-]+$/
const hexId = /^(?=-*[\da-f])[\da-f-]{8,}$/i
/** As a date, a counter or a process id is put behind a name; four digits may be the number of a standard. */
const longNumber = /\d{5}/
/** Digits and letters in turn, as in what is drawn. */
const mixedRuns = /\d[A-Za-z_+/-]+\d[A-Za-z_+/-]+\d/
const drawnMin = 8
/** In base 64, where signs of paths and sums may stand between. */
const encodedMin = 16

/** @param text of a scalar, without quotes. */
export function isVolatileText(text: string): boolean {
  if (text.length > textMax) return false
  return text === '' || number.test(text) || moment.test(text) || isId(text)
}

/** Of a parsed document; what is not there is `undefined`. */
export function isVolatileValue(value: unknown): boolean {
  if (typeof value === 'string') return isVolatileText(value)
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isVolatileValue)
  return typeof value !== 'boolean'
}

/** @param written a scalar of YAML or TOML as it stands there, quotes and all. */
export function isVolatileWritten(written: string): boolean {
  const text = written.trim()
  const quote = text[0]
  if (quote !== '"' && quote !== "'") return text === '~' || /^null$/i.test(text) || isVolatileText(text)
  // Quotes and escapes inside are found in none of these.
  return text.length > 1 && text.endsWith(quote) && isVolatileText(text.slice(1, -1))
}

/** @param from position of a JSON value; that it is one need not be known yet. */
export function isVolatileAt(bytes: Uint8Array, from: number): boolean {
  const first = from < bytes.length ? (bytes[from] as number) : 0
  // A number, or null.
  if (first === 0x2d || (first >= 0x30 && first <= 0x39) || first === 0x6e) return true
  if (first === 0x7b || first === 0x5b) return holdsVolatileOnly(bytes, from)
  if (first !== 0x22) return false
  const end = Math.min(bytes.length, from + textMax + 2)
  let at = from + 1
  while (at < end && bytes[at] !== 0x22) at++
  if (at >= end) return false
  if (isUsualMoment(bytes, from + 1, at)) return true
  return isVolatileText(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from + 1, at))
}

/** More is what somebody keeps, not a moment in parts. */
const containerBytesMax = 4_096

/** A moment in parts, or several: `{"seconds": 1, "nanos": 2}`. Names of members say nothing here. */
function holdsVolatileOnly(bytes: Uint8Array, from: number): boolean {
  const end = Math.min(bytes.length, from + containerBytesMax)
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1', from, end)
  const part = /[\s,:]*(?:([{[])|([}\]])|"((?:[^"\\]|\\.)*)"(\s*:)?|(-?\d[\d.eE+-]*|null))/y
  let depth = 0
  for (let found = part.exec(text); found !== null; found = part.exec(text)) {
    const [, opens, closes, string, colon] = found
    if (opens !== undefined) depth++
    else if (closes !== undefined) depth--
    else if (string !== undefined && colon === undefined && !isVolatileText(string)) return false
    if (depth === 0) return true
  }
  return false
}

/** As programs mostly write one, `2026-01-07T10:00:00.000Z`: text and patterns take longer than all of the document. */
function isUsualMoment(bytes: Uint8Array, from: number, to: number): boolean {
  if (to - from < usual.length || to - from > usual.length + 8 || bytes[to - 1] !== 0x5a) return false
  for (let at = from; at < to - 1; at++) {
    const byte = bytes[at] as number
    const sign = usualBytes[at - from] ?? digit
    if (sign === digit ? byte < 0x30 || byte > 0x39 : byte !== sign) return false
  }
  return true
}

function isId(text: string): boolean {
  // In braces, or behind the name of its kind.
  const bare = /^\{(.*)\}$/.exec(text)?.[1] ?? text.replace(/^(?:urn:uuid:|[a-z][a-z\d]*:(?!\/))/i, '')
  if (bare.length < drawnMin) return false
  if (word.test(bare)) return hexId.test(bare) || longNumber.test(bare) || mixedRuns.test(bare)
  return bare.length >= encodedMin && /^[\w+/-]+={0,2}$/.test(bare) && mixedRuns.test(bare)
}
