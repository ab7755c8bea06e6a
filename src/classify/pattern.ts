/**
 * The pattern of a path: its name with everything collapsed that a program would count up or draw anew (digits, dates,
 * hexadecimal ids, random runs), so that a writer of ever-new names is still one writer; and its directory with dates,
 * ids and mere numbers collapsed, but not `lesson3`, for people number their folders. Patterns are byte strings like
 * paths; `*` stands for what was collapsed.
 */

import type { PathBytes } from '../types.ts'

export interface Pattern {
  readonly key: string
  /** Length of the longest run collapsed because it looks drawn at random; 0 when there is none. */
  readonly randomLength: number
}

/** A shorter run of letters and digits is a word with a number more often than an id (`utf8`, `log4j`, `v2a`). */
const idLengthMin = 6
/** A dice throw changes between letters and digits this often; words with a number in them (`base64url`) do not. */
const changesOfChance = 3

/** `lesson3` and `v2` are folders of people; a mere number, and `t1795176431938`, is counted by a program. */
const folderDigitsMin = 4

const uuid = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi
const run = /[A-Za-z0-9]+/g
const folderDigits = new RegExp(`\\d{${folderDigitsMin},}`, 'g')
const numberFolder = /(?<=^|\/)\d+(?=\/)/g
/** Month, day and time behind a year that was collapsed. */
const dateRest = /\*(?:[-_.:T]\d{2})+/g
/** `2026-11-20T10:11:12.5` collapses to one star, not to seven. */
const starsInARow = /\*(?:[-_.:,+TZ ]?\*)+/g
const longRun = new RegExp(`[A-Za-z0-9]{${idLengthMin},}`, 'g')

export function patternOf(path: PathBytes | string): Pattern {
  let randomLength = 0
  const collapse = (text: string, digits: RegExp): string =>
    text.replace(uuid, '*').replace(run, (word) => {
      if (!looksRandom(word)) return word.replace(digits, '*')
      randomLength = Math.max(randomLength, word.length)
      return '*'
    })
  const nameAt = path.lastIndexOf('/') + 1
  const folder = collapse(path.slice(0, nameAt).replace(numberFolder, '*'), folderDigits).replace(dateRest, '*')
  const key = `${folder}${collapse(path.slice(nameAt), /\d+/g)}`.replace(starsInARow, '*')
  return { key, randomLength }
}

/**
 * Patterns that the path belongs to if one of its longer words was drawn at random after all: of random names with six
 * letters and digits nearly each second looks like a word, each seventh holds no digit. Only its siblings can tell.
 * @param lengths of words worth trying
 */
export function patternsByChance(path: PathBytes, lengths: ReadonlySet<number>): readonly Pattern[] {
  const found: Pattern[] = []
  for (const match of path.matchAll(longRun)) {
    const [word] = match
    if (!lengths.has(word.length)) continue
    const { key } = patternOf(`${path.slice(0, match.index)}*${path.slice(match.index + word.length)}`)
    found.push({ key, randomLength: word.length })
  }
  return found
}

function looksRandom(word: string): boolean {
  if (word.length < idLengthMin || !/\d/.test(word) || !/[A-Za-z]/.test(word)) return false
  if (/^(?:[0-9a-f]+|[0-9A-F]+)$/.test(word)) return true
  if (/^[A-Za-z]+\d+$/.test(word)) return false
  const chunks = word.match(/[A-Za-z]+|\d+/g) ?? []
  return chunks.length > changesOfChance || !chunks.some(isWord)
}

/** Three letters with a vowel: `sha` of `sha256sum`. */
function isWord(chunk: string): boolean {
  return chunk.length >= 3 && /[aeiouy]/i.test(chunk)
}
