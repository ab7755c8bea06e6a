import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(53)
/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}
const hex = (count: number): string => drawn(count, '0123456789abcdef')
const chosen = (): string => `Otter${drawn(4, '0123456789')}`
const numbers = (count: number): readonly number[] => Array.from({ length: count }, () => dice.between(0, 255))
const phrase = 'witch collapse practice feed shame open despair creek road again ice least'
const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)

const leaks: readonly (readonly [string, string])[] = [
  ['the words of a wallet', `const mnemonic = "${phrase}";\n`],
  ['the keys of accounts', `module.exports={networks:{m:{accounts:['0x${hex(64)}']}}}\n`],
  ['a wallet', JSON.stringify({ crypto: { ciphertext: hex(64), cipherparams: { iv: hex(32) }, kdf: 'scrypt' } })],
  ['a pair of keys in numbers', `${JSON.stringify(numbers(64))}\n`],
  ['what signs web tokens', `const t = jwt.sign(payload, '${drawn(32)}')\n`],
  ['an application of a provider', `provider :github, "${hex(20)}", "${drawn(40)}"\n`],
  ['a cluster', JSON.stringify({ encrypt: Buffer.from(drawn(16)).toString('base64') })],
  ['an installation', `d-i passwd/root-password password ${chosen()}\n`],
  ['a user of network management', `createUser admin SHA "${chosen()}" AES "${chosen()}"\n`],
  ['a transfer', `ftp -n host <<E\nuser jeff ${chosen()}\nbye\nE\n`],
  ['a phrase with blanks', `export BORG_PASSPHRASE='some long phrase of mine 77'\nborg create ::x /\n`],
  [
    'a key of a telephone program',
    `<manifest><meta-data android:name="com.x.ApiKey" android:value="${hex(40)}"/></manifest>\n`,
  ],
]

test.each(leaks)('%s', async (_, text) => {
  expect((await found(text)).length).toBeGreaterThan(0)
})

const harmless: readonly (readonly [string, string])[] = [
  ['the words of a test network', `mnemonic: "${'test '.repeat(11)}junk"\n`],
  ['addresses of accounts', `accounts: ['0x${hex(40)}']\n`],
  ['other numbers', `${JSON.stringify(numbers(63))}\n`],
  ['more numbers', `${JSON.stringify(numbers(65))}\n`],
  [
    'a name to sign with',
    `jwt.sign(payload, 'your-secret-key-here', { algorithm: 'HS256' })\njwt.sign(a, secretOf(b))\n`,
  ],
  ['a phrase to be put in', `BORG_PASSPHRASE='your secret passphrase here'\n`],
  ['text that is encrypted', JSON.stringify({ crypto: { ciphertext: 'short' }, encrypt: true })],
]

test.each(harmless)('nothing is taken amiss in %s', async (_, text) => {
  expect(await found(text)).toEqual([])
})
