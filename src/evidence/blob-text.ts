/** git's own measure for binary. */
const binaryHeadBytes = 8_000
/** A larger file in base64 is data. */
const encodedMax = 1024 * 1024

/** As Notepad and PowerShell write it. */
const utf8Mark = Buffer.of(0xef, 0xbb, 0xbf)

/**
 * What people would read in a blob; null: it is no text (NUL in the first 8,000 bytes). UTF-16 is text, with its mark
 * or without. latin1 keeps every byte, valid or not, and every pattern is ASCII. A mark is left out: a line that begins
 * with one begins with no name.
 */
export function textOf(bytes: Buffer): string | null {
  if (bytes.subarray(0, utf8Mark.length).equals(utf8Mark)) return unmarked(bytes.subarray(utf8Mark.length))
  const mark = bytes.length >= 2 ? bytes.readUInt16BE(0) : 0
  if (mark === 0xfffe) return bytes.subarray(2).toString('utf16le')
  if (mark === 0xfeff) return swapped(bytes.subarray(2))
  return unmarked(bytes)
}

function unmarked(bytes: Buffer): string | null {
  if (!bytes.subarray(0, binaryHeadBytes).includes(0)) return bytes.toString('latin1')
  const wide = wideOrder(bytes.subarray(0, binaryHeadBytes))
  if (wide === null) return null
  return wide === 'little' ? bytes.toString('utf16le') : swapped(bytes)
}

function swapped(bytes: Buffer): string {
  return Buffer.from(bytes.subarray(0, bytes.length - (bytes.length % 2)))
    .swap16()
    .toString('utf16le')
}

/** Of ASCII in UTF-16 every second byte is NUL, and no other. */
function wideOrder(head: Buffer): 'little' | 'big' | null {
  let [even, odd] = [0, 0]
  for (const [at, byte] of head.entries()) {
    if (byte === 0 && at % 2 === 0) even++
    else if (byte === 0) odd++
  }
  const half = head.length / 2
  if (even === 0 && odd > 0.8 * half) return 'little'
  return odd === 0 && even > 0.8 * half ? 'big' : null
}

/** The text that a file of nothing but base64 stands for; null: it is none, or stands for no text. */
export function decodedText(text: string): string | null {
  if (text.length < 16 || text.length > encodedMax || !/^[A-Za-z0-9+/=]{16}/.test(text)) return null
  if (!/^(?:[A-Za-z0-9+/=]+\r?\n)*[A-Za-z0-9+/=]*\s*$/.test(text)) return null
  const decoded = textOf(Buffer.from(text, 'base64'))
  return decoded === null || /[^\t\n\r\x20-\x7e]/.test(decoded.slice(0, binaryHeadBytes)) ? null : decoded
}
