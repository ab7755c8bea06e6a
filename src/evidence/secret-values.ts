/** Whether a literal is a secret that somebody meant to keep, judged by its form and by the name it is given to. */

/** What a name says about its value. weak: names that are mostly harmless, such as `key` and `token`. */
export type NameStrength = 'password' | 'secret' | 'weak'

/** Where the value stands. config: a line of settings, in which bare words are values. code: between quotes. */
export type Place = 'config' | 'code'

/** A value that is looked up elsewhere, by how it begins: variables, templates, tags, paths, addresses. */
const references = begins([
  String.raw`\$[{(]|\$\w+(?:[.:-]\S*)?$|#\{|\{\{|\{%|<[%?]|%\(|%\w+%?$|@[{.]|@[\w./-]+$|!\w+$|\\\(|&[a-z]+;`,
  String.raw`~|\.{1,2}\/|\/|[a-z][a-z+.-]*:\/\/`,
  String.raw`ENC[[(]|vault:|ref\+|op:|arn:|env:|file:|secret:|data:|urn:`,
])
const referencesInside = /\$\{|#\{|\{\{|\$\(|%\(|<[a-z][\w -]*>|process\.env|environ|getenv|\bENV\b|\bconfig\b/i
/** The whole value, or one of its words: what stands where a value will be put. */
const standIn = oneOfWords([
  'your yours my the some any our not public new old current confirm forgot reset show here goes example examples',
  'sample samples placeholder dummy fake mock demo template default defaults redacted removed hidden masked omitted',
  'change changeme replace replaceme insert enter put fill set paste todo fixme tbd required optional',
  'null nil none undefined true false yes no on off empty blank unset unknown invalid wrong correct valid',
  'string str text number int boolean bool object array buffer bytes any void type value values field input',
  'foo bar baz foobar qux test tests testing tester lorem abc abcd abcdef asdf qwerty hello world',
  'user username name email secret secrets password passwd pass token key random generated base64 encoded encrypted',
])
/** Also inside of what else looks drawn. */
const standInAnywhere = /example|placeholder|changeme|replaceme|redacted|insertyour|y[o0]ur[_-]|dummy/i
const secretWords =
  /^(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|auth|api|access|client|private|credentials?|level)+s?\d{0,4}$/i
const filler = /^(.)\1*$|^x{3,}|^[*.#?_…-]+$|[*…]{3,}|x{4,}|\.{3}/i
const counting = /^(?:0?123456789?0?|987654321|12345+|abc123|123abc|a1b2c3\w*|deadbeef\w*|cafebabe\w*|0+1?)$/i

const lengthMax = 512

/** @param name as written, to know a value that only repeats it. */
export function isSecretValue(given: string, name: string, strength: NameStrength, place: Place): boolean {
  const value = given.replace(/^(?:base64:|django-insecure-)/, '')
  if (value.length > lengthMax || value.length < (strength === 'password' ? 5 : 8)) return false
  if (isSalt(value)) return true
  // Salts are no secrets, but for those that are drawn like keys.
  if (/salt\W?$/i.test(name)) return false
  if (/[\s\p{Cc}]/u.test(value) || references.test(value) || referencesInside.test(value)) return false
  if (filler.test(value) || counting.test(value) || isWordOf(value, name) || isCode(value)) return false
  if (standInAnywhere.test(value)) return false
  if (isDrawn(value)) return true
  if (strength !== 'password' || standIn.test(splitCamel(value))) return false
  return place === 'config' ? isTyped(value) : isChosen(value)
}

/** Drawn from all that a keyboard has, spaces and braces included: no expression reads like this. */
function isSalt(value: string): boolean {
  const kinds = [/[a-z]/gi, /\d/g, /[^A-Za-z\d\s]/g].map((kind) => value.match(kind)?.length ?? 0)
  return (
    value.length >= 48 &&
    kinds.every((count) => count >= 4) &&
    entropy(value) >= 4.2 &&
    !/[a-z]{4}[ _.-][a-z]{4}|\\[nux]/i.test(value)
  )
}

/** The name said again (`password: "Password"`), or a mere word for a secret. */
function isWordOf(value: string, name: string): boolean {
  const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase()
  const shown = plain(value)
  return shown === '' || plain(name).endsWith(shown) || secretWords.test(shown)
}

function splitCamel(text: string): string {
  return text.replace(/([a-z])([A-Z])/g, '$1 $2')
}

/** An expression, a selector, a path, a format: not what somebody types into a field for passwords. */
function isCode(value: string): boolean {
  return (
    (/^[\w$]+(?:\.[\w$]+)+\(?/.test(value) && (!/\d/.test(value) || /^[a-z]\w*\.[A-Z][A-Za-z\d]*$/.test(value))) ||
    /[(){}<>[\];]|=>|::|\\[nrtu]|^--|^\.|^#(?![0-9a-f]*\d)/.test(value) ||
    (/^[\w.-]+\/[\w./-]+$/.test(value) && !/[+=\d]/.test(value))
  )
}

/** In a file of settings whatever is written behind the name of a password is one. */
function isTyped(value: string): boolean {
  return /[a-z0-9]/i.test(value) && !/^\d{1,4}$/.test(value)
}

/** In code a plain word is a label far more often than a password. */
function isChosen(value: string): boolean {
  const hasLetter = /[a-z]/i.test(value)
  const hasOther = /\d/.test(value) || /[!@#$%^&*+=?~|]/.test(value)
  return hasLetter && hasOther && !/^[A-Za-z]+\d?$/.test(value) && !/^[a-z]+(?:[-_.:][a-z]+)+\d?$/i.test(value)
}

/** Looks drawn by a machine: letters and digits mixed beyond what words and versions have. */
function isDrawn(value: string): boolean {
  if (!/^[\w+/=.~:@!#$%^&*-]+$/.test(value) || !/\d/.test(value) || !/[a-z]/i.test(value)) return false
  if (/^[\da-f-]+$/i.test(value)) return value.replaceAll('-', '').length >= 20 && entropy(value) >= 2.8
  const body = value.replace(/[^A-Za-z0-9]/g, '')
  const isLong = body.length >= 28 && entropy(body) >= 4
  const digits = body.match(/\d/g)?.length ?? 0
  return body.length >= 12 && entropy(body) >= 3 && runs(body) >= body.length / 4 && (isLong || digits >= 3)
}

/** Changes between letters in lower case, in upper case, and digits: words have few. */
function runs(text: string): number {
  return text.match(/[a-z]+|[A-Z]+|\d+/g)?.length ?? 0
}

function begins(forms: readonly string[]): RegExp {
  return new RegExp(`^(?:${forms.join('|')})`, 'i')
}

function oneOfWords(lists: readonly string[]): RegExp {
  return new RegExp(`(?:^|[^a-z])(?:${lists.join(' ').replaceAll(' ', '|')})(?:$|[^a-z])`, 'i')
}

/** Bits a character. */
export function entropy(text: string): number {
  const counts = new Map<string, number>()
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1)
  return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0)
}
