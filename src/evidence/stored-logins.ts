import type { FoundSecret } from './assigned-secrets.ts'
import type { Form } from './forms.ts'
import { entropy, isSecretValue } from './secret-values.ts'

/** The place says that a value stands there. */
const isPassword = (value: string): boolean => isSecretValue(value, 'password', 'password', 'config')
/** As above, where the place alone does not say so. */
const isChosen = (value: string): boolean => isSecretValue(value, 'password', 'password', 'code')
const isToken = (value: string): boolean => isSecretValue(value.slice(0, 500), 'token', 'weak', 'code')

const statement = String.raw`(?:create|alter)\s{1,4}(?:user|role|login|account)|grant|set password`
const identified = String.raw`identified\s{1,4}(?:with\s{1,4}\S{1,40}\s{1,4})?(?:by|as)(?:\s{1,4}password)?`
const given = String.raw`(?:(?:encrypted|with)\s{1,4})?password(?:\s{0,4}=)?`

const named = String.raw`login\s{1,20}\S{1,200}\s{1,20}(?:port\s{1,20}\S{1,20}\s{1,20})?`

/** As code, settings of a server and a recording of requests have it. */
const inValue = String.raw`(?:["']?value["']?\s{0,4}[:=]\s{0,4})?`
const header = String.raw`\bauthorization["']?(?:\s{0,4}[:=,]\s{0,40}${inValue}|[ \t]{1,8})["'\`]?`

export const loginForms: readonly Form[] = [
  {
    kind: 'stored login',
    needs: ['login'],
    pattern: new RegExp(
      String.raw`\b(?:machine\s{1,4}\S{1,200}|default)\s{1,20}${named}password\s{1,20}"?([^\s"]{1,200})`,
      'gi',
    ),
    holds: isPassword,
  },
  {
    kind: 'login in a header',
    needs: ['authorization'],
    pattern: new RegExp(String.raw`${header}(?:bearer|token)\s{1,4}([\w+/=.~-]{20,1000})`, 'gi'),
    holds: isToken,
  },
  {
    kind: 'login in a header',
    needs: ['authorization'],
    pattern: new RegExp(String.raw`${header}basic\s{1,4}([A-Za-z0-9+/]{8,400}={0,2})`, 'gi'),
    holds: (value) => isChosen(passwordIn(value) ?? ''),
  },
  {
    kind: 'stored login',
    needs: ['auth'],
    pattern: /\b_?auth["']?\s{0,4}[:=]\s{0,4}["']?([A-Za-z0-9+/]{8,600}={0,2})(?![\w+/])/g,
    holds: (value) => isPassword(passwordIn(value) ?? ''),
  },
  {
    kind: 'password in SQL',
    needs: ['identified', 'password'],
    pattern: new RegExp(
      String.raw`\b(?:${statement})\b[^;]{1,200}?\b(?:${identified}|${given})\s{1,4}'([^'\s]{5,200})'`,
      'gi',
    ),
    holds: isPassword,
  },
  {
    kind: 'stored login',
    needs: ['\nv '],
    // As Subversion keeps it: a name, a length, the value.
    pattern: /^password\r?\nV \d{1,3}\r?\n(\S{4,200})\r?$/gm,
    holds: isPassword,
  },
  {
    kind: 'password',
    needs: ['password', 'passphrase', 'passcode'],
    // Told to people.
    pattern: /\bpass(?:word|phrase|code)\b[^\n"'`.:=]{0,40}?\s(?:is|was)\s{1,4}(["'`])([^\s"'`]{5,100})\1/gi,
    holds: isChosen,
  },
  {
    kind: 'key',
    needs: ['key'],
    // Nothing says whose key it is; so long and mixed, it is one to something.
    pattern: /(?<![\w.-])key["']?\s{0,2}[:=]\s{0,2}["']?(?!AAAA)([A-Za-z0-9]{28,64})(?![\w+/=-])/gi,
    holds: (value) => [/[a-z]/, /[A-Z]/, /\d/].every((kind) => kind.test(value)) && isToken(value),
  },
  { kind: 'stored login', needs: ['{aqaaabaaaa'], pattern: /\{AQAAABAAAA[\w+/=]{20,}\}/g },
  {
    kind: 'session cookie',
    needs: ['\ttrue\t', '\tfalse\t'],
    pattern:
      /^(?:#HttpOnly_)?[\w.-]{3,100}\t(?:TRUE|FALSE)\t\/\S{0,99}\t(?:TRUE|FALSE)\t\d{1,12}\t\S{1,99}\t(\S{16,})$/gm,
    holds: isToken,
  },
]

/** @param isWhole not a part of a larger text: a file may be a key and nothing else. */
export function foundOnLines(text: string, isWhole: boolean): readonly FoundSecret[] {
  return [...passwordLines(text), ...(isWhole ? loneKey(text) : [])]
}

/** Of a login as container tools and package managers store it: base64 of `user:password`. */
function passwordIn(encoded: string): string | null {
  const login = Buffer.from(encoded, 'base64').toString('latin1')
  return /^[\x21-\x39\x3b-\x7e]{1,200}:([\x20-\x7e]{4,400})$/.exec(login)?.[1] ?? null
}

const passwordLine = /^[\w.*-]{1,100}:(?:\d{2,5}|\*):[^:\s]{1,100}:[^:\s]{1,100}:([^:\s]{4,200})\r?$/gm

/** `host:port:database:user:password`, one a line. A file of nothing else holds what people typed. */
function passwordLines(text: string): readonly FoundSecret[] {
  const found = [...text.matchAll(passwordLine)]
  if (found.length === 0) return []
  const lines = text.slice(0, 4_000).split('\n')
  const isPure = lines.every((line) => /^\s*(?:#|$)/.test(line) || line.split(':').length === 5)
  const holds = isPure ? isPassword : isChosen
  return found.flatMap((match) => (holds(match[1] ?? '') ? [{ kind: 'stored login', at: match.index }] : []))
}

/** 64 bytes as numbers, and nothing else: a pair of keys, as wallets keep it. */
const keyBytes = /^\s{0,10}\[\s{0,10}(?:\d{1,3}\s{0,4},\s{0,20}){63}\d{1,3}\s{0,10}\]\s*$/

/** A file that is one drawn word and nothing else is a key; 40 and 64 digits are ids of git's and checksums. */
function loneKey(text: string): readonly FoundSecret[] {
  if (text.length <= 2_000 && keyBytes.test(text)) return [{ kind: 'private key', at: 0 }]
  if (text.length > 300) return []
  const word = text.trim()
  if (!/^[\w+/=-]{24,}$/.test(word) || !/\d/.test(word) || !/[a-z]/i.test(word)) return []
  // Data, vector and tag of credentials that a framework has encrypted.
  if (/^[\w+/]+={0,2}--[\w+/]+={0,2}--/.test(word)) return []
  const isHex = /^[\da-f]+$/i.test(word)
  if (isHex ? word.length !== 32 : entropy(word) < 4 || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return []
  return [{ kind: 'key', at: text.indexOf(word) }]
}
