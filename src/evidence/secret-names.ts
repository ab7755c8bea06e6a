import type { NameStrength } from './secret-values.ts'

/** A name in a text that says that what it is given is a secret. */
export interface SecretName {
  /** Position of the word in it that says so. */
  readonly at: number
  /** Position behind the name. */
  readonly end: number
  /** The whole name: `DB_PASSWORD` of `PASSWORD`. */
  readonly text: string
  readonly strength: NameStrength
}

/** Where such a name may end. Quick, since every text is searched for it. */
const hints = /pass|pwd|pswd|psk|secret|token|cred|auth|salt|key|pw\b|pat\b/gi
/**
 * The last word of such a name, from a hint on. What follows may not go on as a name: `passwordField` and `token_type`
 * are none.
 */
const lastWord = new RegExp(
  '(?:pass(?:word|wd|[_-]?phrase|wort|code)?|pwd|pswd|psk|secret|token|cred(?:ential)?s?|auth|salt|key|pw|pat)' +
    String.raw`(?:[_-]?(?:\d{1,2}|base(?:64)?|b64|value|text|plain|data|string|prod(?:uction)?|dev|staging|live))?` +
    '(?![A-Za-z0-9_-])',
  'iy',
)
/** A digest of a password, under a name that says so: what it holds must look drawn. */
const digestName = /(?:pass(?:word|wd)?|pwd)[_-]?(?:hash|digest|md5|sha\d*|enc(?:rypted)?|salt)(?![A-Za-z0-9_-])/iy

/** What makes a key a secret one. */
const secretKeys = endsIn(
  'api access secret private auth master encryption encrypt decryption crypto cipher crypt signing sign account ' +
    'consumer client license licence storage app application session service shared preshared sas hmac jwt aes rsa ' +
    'validation host deploy bot publish merchant subscription webhook admin root write user wallet activation ssh ' +
    'slack github gitlab google aws azure stripe twilio sendgrid mailgun datadog openai',
  '|_$',
)
/** Of a page, a request, a retry: they open nothing. */
const passingTokens = endsIn(
  'next prev previous forward backward page pagination continuation request client update cancel abort idempotency ' +
    'start sync resume change authenticity csrf xsrf antiforgery term action task',
)

/** Whose `pass` or `pw` it is, written in one word with it. */
const passOwners = endsIn(
  'db user ftp smtp mail imap root admin sql http proxy ssh my store key trust bind require sudo become svn git wifi ' +
    'mongo redis rabbit ldap vpn jdbc remote',
)

/** Longer than any name. */
const nameMax = 60
/** Longer than any word that says what a name's last word is of. */
const wordsMax = 16

/** `dbPass`, `smtp_pw`: a word for passwords with whose it is; `pass: 'checked'` alone is about a test. */
export function isOwnedPass(name: string): boolean {
  const word = /(?:pass|pw)\d{0,2}$/i.exec(name)
  return word !== null && (passOwners.test(name.slice(0, word.index)) || /[A-Za-z]_$/.test(name.slice(0, word.index)))
}

export function* secretNames(text: string): Generator<SecretName> {
  for (const { index: at } of text.matchAll(hints)) {
    const digest = matchAt(digestName, text, at)
    const word = digest ?? matchAt(lastWord, text, at)
    if (word === null || !isNameEnd(text, at, word)) continue
    const end = at + word.length
    const before = /[\w.-]{0,60}$/.exec(text.slice(Math.max(0, at - nameMax), at))?.[0] ?? ''
    yield { at, end, text: before + word, strength: digest === null ? strengthOf(word) : 'weak' }
  }
}

/** `monkey` and `compass` end like a key and a pass; `apiKey`, `db_pass` and `DBPASSWORD` are names of secrets. */
function isNameEnd(text: string, at: number, word: string): boolean {
  const before = text.slice(Math.max(0, at - wordsMax), at)
  // `Login::password` is a member of a class, `profile::password: …` a setting of a machine.
  if (/::\w*$/.test(before) && !/^:[ \t]/.test(text.slice(at + word.length, at + word.length + 2))) return false
  if (/public[_-]?(?:key)?$/i.test(before)) return false
  if (/^key/i.test(word)) return secretKeys.test(before)
  if (/^token/i.test(word) && passingTokens.test(before)) return false
  if (/^pass(?:w|[_-]?p|c)/i.test(word)) return true
  if (/^pat/i.test(word)) return before.endsWith('_')
  if (/^p/i.test(word) && passOwners.test(before)) return true
  return !/[A-Za-z]$/.test(before) || (/[a-z]$/.test(before) && /^[A-Z]/.test(word))
}

function strengthOf(word: string): NameStrength {
  if (/^(?:pass|pwd|pswd|psk|pw)/i.test(word)) return 'password'
  return /secret|cred/i.test(word) ? 'secret' : 'weak'
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? null
}

/** @param or more of the pattern. */
function endsIn(words: string, or = ''): RegExp {
  return new RegExp(`(?:${words.replaceAll(' ', '|')})[_-]?$${or}`, 'i')
}
