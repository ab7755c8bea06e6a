/** Whether a literal is a secret that somebody meant to keep, judged by its form and by the name it is given to. */
import { isMixedLiteral, isMixedSetting } from './generated-values.ts'
import { isFiller, isMereWords, isReference, isWordOf } from './secret-words.ts'
import { isSpoken } from './spoken-letters.ts'

/** What a name says about its value. weak: names that are mostly harmless, such as `key` and `token`. */
export type NameStrength = 'password' | 'secret' | 'weak'

/**
 * Where the value stands. config: a line of settings, in which bare words are values. variable: in code, assigned to
 * the very name of a password. member: beside one, as in a catalogue of messages. literal: between quotes. code:
 * anywhere else.
 */
export type Place = 'config' | 'variable' | 'member' | 'literal' | 'code'

const lengthMax = 512
/** Or what no keyboard has. Not beyond ASCII, where each byte is a part of a letter. */
const blank = /[\0-\x20\x7f]/

/** @param name as written, to know a value that only repeats it. */
export function isSecretValue(given: string, name: string, strength: NameStrength, place: Place): boolean {
  const value = given.replace(/^(?:base64:|django-insecure-)/, '')
  if (value.length > lengthMax || value.length < (strength === 'password' ? 5 : 8)) return false
  if (isSalt(value)) return true
  // Salts are no secrets, but for those that are drawn like keys.
  if (/salt\W?$/i.test(name)) return false
  if (strength === 'password' && isGenerated(value) && !isFiller(value)) return true
  if (strength !== 'weak' && isMixed(value, place) && !isFiller(value)) return true
  if (blank.test(value) || isReference(value) || isFiller(value) || isNameAgain(value, name, place)) return false
  if (isCode(value, place)) return false
  if (isDrawn(value)) return true
  if (strength === 'weak' || isMereWords(value, place === 'config' ? 0 : 6)) return false
  if (strength === 'secret') return value.length >= (place === 'config' ? 8 : 12) && isChosen(value)
  if (place === 'config') return isTyped(value)
  return isChosen(value) || isPlainWord(value, place)
}

/** `IRC_PASS=irc_pass` in settings is what somebody typed there; where nothing but stand-ins is in it, it is none. */
function isNameAgain(value: string, name: string, place: Place): boolean {
  const isTypedAnew = place === 'config' && /^[A-Z\d_]+$/.test(name) && /^[a-z\d_-]+$/.test(value)
  return isWordOf(value, name) && !(isTypedAnew && !isMereWords(value, 0))
}

function isMixed(value: string, place: Place): boolean {
  if (place === 'config') return isMixedSetting(value)
  return place !== 'code' && isMixedLiteral(value)
}

/** Words, names, escapes, calls and character classes: what no salt has, but for a rare chance. */
const prose = /[a-z]{4}[ _.-][a-z]{4}|[A-Za-z]{4,}[ /]|[a-z]{12}|\\[nux]|^[A-Za-z]{3,}[[(:]|\[\^?\w-\w|\{\d+,/

/** Drawn from all that a keyboard has, spaces and braces included: no expression reads like this. */
function isSalt(value: string): boolean {
  const kinds = [/[a-z]/gi, /\d/g, /[^A-Za-z\d\s]/g].map((kind) => value.match(kind)?.length ?? 0)
  return value.length >= 48 && kinds.every((count) => count >= 2) && entropy(value) >= 4.2 && !prose.test(value)
}

/** By a manager of passwords. Whatever sign it begins with: no pattern or selector changes its case that often. */
function isGenerated(value: string): boolean {
  if (!/^[\w!@#%^&*+=?~-]{12,64}$/.test(value)) return false
  const body = value.replace(/[^A-Za-z0-9]/g, '')
  return [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(body)) && runs(body) >= body.length / 2.5
}

const codes: readonly RegExp[] = [
  // Selectors, options, formats.
  /=>|::|\\[nrtuxdws]|^--|^\.|[=!]==|&&|\|\||\?\w*:/,
  // Calls, templates, tags, indexes, patterns.
  /^[\w$.]+\(|\)[;,]?$|\{[\w.$ -]*\}|<\/?[a-z!][^>]*>?|\w\[[^\]\s"']*\]|^\^|\(\?|\[\^?[\w]-\w/i,
  // What stands between two literals.
  /^[),;}\]]|^\([\w$]+[=(]|^\+[A-Za-z_$][\w$]{0,20}[.+)(]/,
  // Versions.
  /^[\^~<>=v]*\d+\.\d+[\w.+-]*$/,
  // The end of a statement, taken along.
  /^[\w$.]+[;,]$/,
]

/** An expression, a selector, a path, a format: not what somebody types into a field for passwords. */
function isCode(value: string, place: Place): boolean {
  return (
    codes.some((code) => code.test(value)) ||
    (place !== 'config' && /^#(?![0-9a-f]*\d)/.test(value)) ||
    (/^[a-z]\w*\.[A-Z][A-Za-z\d]*$/.test(value) && !isDrawn(value.slice(value.indexOf('.') + 1))) ||
    (/^!*[\w$]+(?:\.[\w$]+)+\(?/.test(value) && !/\d/.test(value)) ||
    (place === 'code' && isMemberOf(value)) ||
    (/^[\w.-]+\/[\w./-]+$/.test(value) && !/[+=\d]/.test(value))
  )
}

/** `self.p1.text2`: of names, unless one of them is as long as keys are, as the parts of a web token. */
function isMemberOf(value: string): boolean {
  const names = value.split('.')
  return names.length > 1 && names.every((name) => /^[A-Za-z_$][\w$]{0,29}$/.test(name))
}

/** In a file of settings whatever is written behind the name of a password is one. */
function isTyped(value: string): boolean {
  return /[a-z0-9]/i.test(value) && !/^\d{1,4}$/.test(value)
}

/** In code a plain word is a label far more often than a password. */
function isChosen(value: string): boolean {
  const hasLetter = /[a-z]/i.test(value)
  const hasOther = /\d/.test(value) || /[!@#$%^&*+=?~|]/.test(value)
  const isName = /^[A-Za-z]+\d?$/.test(value) || /^[a-z]+(?:[-_.:](?:[a-z]+|\d{1,2}))+\d?$/i.test(value)
  return hasLetter && hasOther && !isName
}

/** Given to the very password, a word that has nothing to do with passwords is one; a short one may be a label. */
function isPlainWord(value: string, place: Place): boolean {
  const isLong = /^[a-z]{8,}(?:[_-][a-z]+)*$|^[a-z]{5,}\d$/i.test(value)
  const isWord = place === 'variable' ? isLong || /^[a-z]{6,7}$/.test(value) : place === 'member' && isLong
  return isWord && !/pass|pwd|secret|user|token|key|word|auth/i.test(value)
}

/** Looks drawn by a machine: letters and digits mixed beyond what words and versions have. */
export function isDrawn(value: string): boolean {
  if (!/^[\w+/=.~:@!#$%^&*-]+$/.test(value) || !/[a-z]/i.test(value) || isSpelled(value)) return false
  if (!/\d/.test(value)) {
    const isOfWords = /^(?:[a-z]+|[A-Z]+)$/.test(value) ? isSpoken(value) : wordLength(value) >= 3
    return value.length >= 16 && entropy(value) >= 3 && !isOfWords
  }
  if (/^[\da-f-]+$/i.test(value)) return value.replaceAll('-', '').length >= 20 && entropy(value) >= 2.8
  const body = value.replace(/[^A-Za-z0-9]/g, '')
  const isLong = body.length >= 28 && entropy(body) >= 4
  const digits = body.match(/\d/g)?.length ?? 0
  if (body.length >= 20 && entropy(body) >= 3.5 && !isSpoken(body)) return true
  return body.length >= 12 && entropy(body) >= 3 && runs(body) >= body.length / 4 && (isLong || digits >= 3)
}

/** Words and numbers with something between them: names of algorithms, places and things. */
function isSpelled(value: string): boolean {
  return /^(?:[A-Za-z]+\d{0,4}[-_.:/])+(?:[A-Za-z]+\d{0,4}|\d{1,4})$/.test(value) && wordLength(value) >= 3
}

/** Of its words in the middle, as names of programs are put together: `getUserByName`. */
function wordLength(value: string): number {
  const found = value.match(/[A-Z]?[a-z]+|[A-Z]+(?![a-z])/g) ?? []
  return found.join('').length / Math.max(1, found.length)
}

/** Changes between letters in lower case, in upper case, and digits: words have few. */
function runs(text: string): number {
  return text.match(/[a-z]+|[A-Z]+|\d+/g)?.length ?? 0
}

/** Bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}
