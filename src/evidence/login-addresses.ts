import type { FoundSecret } from './assigned-secrets.ts'
import { isSecretValue } from './secret-values.ts'
import { isFiller, isMereWords, isReference } from './secret-words.ts'

/** From the `://` of an address on. */
const login = /:\/\/([^\s:/"'`<>]{0,100}):([^\s/"'`<>]{3,200})@([^\s/@?"'`<>)\]]{1,200})/y
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0|host\.docker\.internal)(?::\d+)?$/i

const isSomewhere = /^[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?::\d+)?$/i
const madeUp = /example|(?:^|\.)(?:test|invalid|local|localdomain|lan|internal|host)(?::|$)|^(?:your|my|some|the)/i
/** Behind a word that stands for a password. */
const digitsMax = 6

/** Logins in addresses of any scheme. */
export function foundInAddresses(text: string): readonly FoundSecret[] {
  const found: FoundSecret[] = []
  for (let at = text.indexOf('://'); at >= 0; at = text.indexOf('://', at + 3)) {
    if (/[a-z\d]/i.test(text[at - 1] ?? '') && isGivenAway(text, at)) found.push({ kind: 'password in an address', at })
  }
  return found
}

/**
 * Whether an address gives anything away instead of showing what one looks like: a person's notes and READMEs are full
 * of `user:pass@host`, and of services on the very machine whose password is the name of the user.
 */
export function isLoginAddress(text: string): boolean {
  return isGivenAway(text, text.indexOf('://'))
}

function isGivenAway(text: string, at: number): boolean {
  login.lastIndex = at
  const match = at < 0 ? null : login.exec(text)
  if (match === null) return false
  const [, user = '', password = '', host = ''] = match
  if (loopback.test(host) || password === user || isSample(user, password) || /^(?:\*+|\.+|_+|x+)$/i.test(password))
    return false
  const value = decoded(password)
  if (isSecretValue(value, 'password', 'password', 'config')) return !isMereWords(value, digitsMax)
  // To a server that is somewhere, what looks made up is a weak password.
  const isOpen = isReference(value) || isFiller(value) || isMereWords(value, digitsMax, false)
  return !isOpen && isSomewhere.test(host) && !madeUp.test(host)
}

/** The login of a database's manuals, for forty years. */
function isSample(user: string, password: string): boolean {
  return user.toLowerCase() === 'scott' && password.toLowerCase() === 'tiger'
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}
