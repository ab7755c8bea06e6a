/** What stands where a secret will be put, or says where to look it up. */
import { standInWords } from './vocabulary.ts'

/** Looked up elsewhere, by how it begins: variables, templates, tags, addresses. */
const references = new RegExp(
  '^(?:' +
    [
      String.raw`\$[{(]|\$\w+(?:[.:-]\S*)?$|#\{|\{\{|\{%|<[%?]|%\(|%\w+%?$|@[{.]|@[\w./:-]+$|!\w+$|\\\(|&[a-z]+;`,
      String.raw`~|\.{1,2}\/|[a-z][a-z+.-]*:\/\/`,
      String.raw`ENC[[(]|ref\+|env[:.(]|secrets\.|(?:vault|op|arn|file|classpath|secret|data|urn|ssm|sm|keyring):`,
    ].join('|') +
    ')',
  'i',
)
const referencesInside =
  /[$#]\{|\{\{|[$%]\(|<[a-z][\w -]*>|process\.env|environ|getenv|\bENV\b|\bconfig\b|\$env:|\bvar\.|\$[A-Z][A-Z_]{2,}/i
const path = /^\/[\w.@-]*(?:\/[\w.@-]*)*$|^\/[\w.-]+(?:\/[\w.-]+)*\/[a-z]+:[a-z]+$/i
const mailAddress = /^[\w.+-]+@[\w-]+(?:\.[\w-]+)+$/

/** Also inside of what else looks drawn. */
const marked = new RegExp(
  'ex[a@]mple|place_?holder|change[_-]?(?:me|this|it)|replace[_-]?(?:me|this|with)|redacted|insert[_-]?(?:your|here)|' +
    'y[o0]ur[_-]|dummy|fake|not[_-]?(?:a[_-]?)?(?:real|secret)',
  'i',
)
const secretWords =
  /^(?:pass(?:word|wd|phrase)?|pwd|secret|token|key|auth|api|access|client|private|credentials?|level)+s?$/i
const secretPart = /password|passwd|secret|pass|token|key/
const filler = /^(.)\1*$|^x{3,}|^[*.#?_…-]+$|[*…]{3,}|x{4,}|\.{3}|_{4,}|^\[[\w -]*\]$|^<[^>]*>$|^\{[\w -]*\}$/i
const counting =
  /^(?:\D{0,3}0?123456789?0?|987654321|12345+|abc123|123abc|0+1?|(?:a1b2c3|dead-?beef|cafe-?babe|q1w2e3|1q2w3e)\w*)$/i

export function isReference(value: string): boolean {
  if (references.test(value) || referencesInside.test(value) || mailAddress.test(value)) return true
  return path.test(value) && !(value.length >= 40 && /\d/.test(value) && !/\/[a-z]+\//.test(value))
}

/** Written so that somebody will put a value there: `changeme`, `ghp_XXXXXXXX…`, `xoxb-your-token`. */
export function isPlaceholder(value: string): boolean {
  return (
    marked.test(value) ||
    /abcdefghijkl/i.test(value) ||
    /([x*.])\1{5}|^(?:x{3,}|[*.#?_…-]{3,}|\[[\w -]*\]|<[^>]*>|\{[\w -]*\})$/i.test(value)
  )
}

/** However long and mixed it is, nobody drew it. */
export function isFiller(value: string): boolean {
  return filler.test(value) || counting.test(value) || marked.test(value) || isRepeated(value) || isSequence(value)
}

/**
 * A label, an option, or a word that stands for the value.
 * @param digitsMax behind the words, as in `test123`
 * @param putTogether words without anything between them count too
 */
export function isMereWords(value: string, digitsMax: number, putTogether = true): boolean {
  const spoken = value.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
  const found = spoken.match(/[a-z\x80-\xff]+/g) ?? []
  const digits = spoken.match(/\d/g)?.length ?? 0
  // Words of other languages are labels; a password of theirs has more in it than letters.
  if (digits === 0 && /[\x80-\xff]/.test(spoken) && /^[a-z\x80-\xff .,:;!?*()-]+$/.test(spoken)) return true
  if (digits > digitsMax || found.length === 0) return false
  return (
    found.every((word) => standInWords.has(word) || (putTogether && isPutTogether(word))) ||
    (putTogether && secretWords.test(found.join('')))
  )
}

/** The name said again (`password: "Password"`). */
export function isWordOf(value: string, name: string): boolean {
  const plain = (text: string): string => text.replace(/[^a-z0-9]/gi, '').toLowerCase()
  const shown = plain(value)
  return shown === '' || plain(name).endsWith(shown)
}

/** `somepassword`, `mysupersecret`: of such words, one of them for a secret. */
function isPutTogether(word: string): boolean {
  const secret = secretPart.exec(word)
  if (secret === null || word.length > 40) return false
  const isMade = (rest: string): boolean =>
    rest === '' ||
    [...standInWords].some((one) => one.length > 1 && rest.startsWith(one) && isMade(rest.slice(one.length)))
  return isMade(word.slice(0, secret.index)) && isMade(word.slice(secret.index + secret[0].length))
}

function isRepeated(value: string): boolean {
  for (let period = 1; period <= Math.min(12, value.length / 2); period++) {
    if (value.slice(period) === value.slice(0, -period)) return true
  }
  return false
}

/** Typed along the alphabet or the row of digits: `abcdef0123456789`. */
function isSequence(value: string): boolean {
  const codes = [...Buffer.from(value.toLowerCase(), 'latin1')]
  const steps = codes.filter((code, at) => at > 0 && Math.abs(code - (codes[at - 1] ?? 0)) === 1).length
  return steps >= 0.6 * (codes.length - 1)
}
