/** The names of a path as text for globs, one to one: different bytes never become equal text. */

import type { PathBytes } from '../types.ts'

/**
 * A byte that is not UTF-8 becomes the lone surrogate U+DC00 + byte, which no valid UTF-8 decodes to: wildcards match
 * it as one character and nothing literal does. Nothing is normalised: composed and decomposed names are two names.
 */
export function pathNames(path: PathBytes): string[] {
  // oxlint-disable-next-line no-control-regex -- ASCII, control characters included, is its own decoding
  return (/^[\x00-\x7f]*$/.test(path) ? path : decode(path)).split('/')
}

function decode(path: PathBytes): string {
  const text = Buffer.from(path, 'latin1').toString('utf8')
  return text.includes('\ufffd') ? decodeStrictly(path) : text
}

function decodeStrictly(path: PathBytes): string {
  let text = ''
  for (let at = 0; at < path.length;) {
    const character = characterAt(path, at)
    text += character ?? String.fromCharCode(0xdc00 + path.charCodeAt(at))
    at += character === null ? 1 : Buffer.byteLength(character)
  }
  return text
}

/** The character whose UTF-8 form begins at `at`, or null. */
function characterAt(path: PathBytes, at: number): string | null {
  const first = path.charCodeAt(at)
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  const form = path.slice(at, at + length)
  const text = Buffer.from(form, 'latin1').toString('utf8')
  return Buffer.from(text, 'utf8').toString('latin1') === form ? text : null
}
