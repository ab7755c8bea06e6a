import type { Form } from './forms.ts'
import { isDrawn, isSecretValue } from './secret-values.ts'
import { isMereWords } from './secret-words.ts'

const isPassword = (value: string): boolean => isSecretValue(value, 'password', 'password', 'config')
const hex64 = String.raw`["']?(?:0x)?[\da-f]{64}(?![\da-f])`

const phraseNames = '(?:mnemonic|(?:seed|recovery)[ _]?phrase)'
const accountKeys = String.raw`\baccounts["']?\s{0,4}:\s{0,4}\[\s{0,20}`
const derived = String.raw`(?=[^{}]{0,600}(?:\{[^{}]{0,300}\}[^{}]{0,300}){0,3}"kdf")`
const typedFtp = String.raw`\bftp[ \t]{1,4}-\w{0,5}n[^\n]{0,100}<<[^\n]{0,40}\n(?:[^\n]{0,100}\n){0,3}?[ \t]{0,20}`

/** A test network's own phrase says one word again and again. */
function isPhrase(value: string): boolean {
  const words = value.split(' ')
  return new Set(words).size >= 0.8 * words.length
}

/** Keys as single programs keep them, and what single programs are told. */
export const programForms: readonly Form[] = [
  {
    kind: 'private key',
    needs: ['mnemonic', 'phrase'],
    pattern: new RegExp(`${phraseNames}["']?\\s{0,4}[:=]\\s{0,4}["'\`]?((?:[a-z]{3,8} ){11,23}[a-z]{3,8})\\b`, 'gi'),
    holds: isPhrase,
  },
  { kind: 'private key', needs: ['accounts'], pattern: new RegExp(accountKeys + hex64, 'gi') },
  {
    kind: 'private key',
    needs: ['"ciphertext"'],
    // A wallet, whose password can be guessed at leisure.
    pattern: new RegExp(
      String.raw`"crypto"\s{0,4}:\s{0,4}\{${derived}[^{}]{0,400}"ciphertext"\s{0,4}:\s{0,4}"[\da-f]{64}`,
      'gi',
    ),
  },
  {
    kind: 'key or token',
    needs: ['.sign('],
    pattern: /\bjwt\.sign\(\s{0,20}[^,\n"']{1,80},\s{0,20}["']([^"'\s]{16,200})["']/gi,
    holds: isDrawn,
  },
  {
    kind: 'secret value',
    needs: ['provider :'],
    pattern: /\bprovider :\w{1,40},\s{0,20}["'][\w.-]{8,100}["'],\s{0,20}["']([\w-]{20,100})["']/g,
    holds: isDrawn,
  },
  {
    kind: 'key',
    needs: ['encrypt'],
    // Of a cluster that talks about itself: 16 or 32 bytes.
    pattern: /(?<![\w.-])"?encrypt"?\s{0,4}[:=]\s{0,4}"([A-Za-z0-9+/]{22}==|[A-Za-z0-9+/]{43}=)"/g,
    holds: isDrawn,
  },
  {
    kind: 'password',
    needs: ['d-i '],
    pattern: /^d-i[ \t]{1,4}passwd\/[\w-]{0,30}password(?:-again)?[ \t]{1,4}password[ \t]{1,4}(\S{4,200})/gm,
    holds: isPassword,
  },
  {
    kind: 'password',
    needs: ['createuser'],
    pattern: /^\s{0,20}createUser[ \t]{1,4}\S{1,60}[ \t]{1,4}(?:MD5|SHA(?:-?\d{3})?)[ \t]{1,4}"?([^\s"]{8,200})/gim,
    holds: isPassword,
  },
  {
    kind: 'password',
    needs: ['<<'],
    // What a script types into a program that asks nobody.
    pattern: new RegExp(String.raw`${typedFtp}(?:quote )?user[ \t]{1,4}\S{1,60}[ \t]{1,4}(\S{5,200})`, 'g'),
    holds: isPassword,
  },
  {
    kind: 'password',
    needs: ['passphrase='],
    // Of words, with blanks between them.
    pattern: /\b[A-Z_]{1,30}PASSPHRASE=(["'])([^"'\n$`<{]{12,200})\1/g,
    holds: (value) => value.trim().split(/\s+/).length >= 3 && !isMereWords(value, 6),
  },
]
