import type { FoundSecret } from './assigned-secrets.ts'
import type { Form } from './forms.ts'

const pem =
  /-----BEGIN (?:[A-Z\d]{1,20} ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[^]){0,600}?(?!(.)\1{9})[\w+/=]{40}/g

function key(needs: string, pattern: RegExp): Form {
  return { kind: 'private key', needs: [needs], pattern }
}

/** Keys in text. The preset knows no encrypted, Ed25519 or PGP private key. */
export const keyForms: readonly Form[] = [
  key('private key', pem),
  key('ssh2', /---- BEGIN SSH2 (?:ENCRYPTED )?PRIVATE KEY ----\s[^]{0,400}?[\w+/=]{40}/g),
  key('openvpn static key', /-----BEGIN OpenVPN Static key V1-----\s{1,4}[\da-f]{32}/g),
  key('putty-user-key-file', /PuTTY-User-Key-File-\d:[^]{0,4000}?Private-Lines: \d/g),
  key('age-secret-key', /AGE-SECRET-KEY-(?:PQ-)?1[0-9A-Z]{58}/g),
  key('secret key', /^untrusted comment:[^\n]{0,200}\bsecret key\b[^\n]{0,200}\r?\nRW[A-Za-z0-9+/]{50,}/gm),
  // The private member of a JSON web key, before or behind its type.
  key('"kty"', /"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"[^{}]{0,3000}?"d"\s{0,4}:\s{0,4}"[\w-]{20,}"/g),
  key('"kty"', /"d"\s{0,4}:\s{0,4}"[\w-]{20,}"[^{}]{0,3000}?"kty"\s{0,4}:\s{0,4}"(?:RSA|EC|OKP)"/g),
  key('"kty"', /"kty"\s{0,4}:\s{0,4}"oct"[^{}]{0,600}?"k"\s{0,4}:\s{0,4}"[\w-]{20,}"/g),
  key('"kty"', /"k"\s{0,4}:\s{0,4}"[\w-]{20,}"[^{}]{0,600}?"kty"\s{0,4}:\s{0,4}"oct"/g),
  key('<rsakeyvalue>', /<RSAKeyValue>(?:(?!<RSA)[^]){0,3000}?<D>[\w+/=\s]{40,}<\/D>/g),
]

/** A PEM file in base64, as clusters and pipelines carry it in one line of theirs. */
export function foundEncodedKeys(text: string): readonly FoundSecret[] {
  return [...text.matchAll(/LS0tLS1CRUdJTi[A-Za-z0-9+/]{20,4000}/g)].flatMap(({ 0: encoded, index }) => {
    return Buffer.from(encoded, 'base64').toString('latin1').search(pem) < 0 ? [] : [{ kind: 'private key', at: index }]
  })
}

interface Store {
  readonly kind: string
  readonly is: (head: Buffer) => boolean
}

const ascii = (text: string) => (head: Buffer) => head.subarray(0, text.length).toString('latin1') === text
const hex = (digits: string) => (head: Buffer) => head.toString('hex').startsWith(digits)

/** Files that are no text. By how they begin, since a file of certificates alone must pass. */
const stores: readonly Store[] = [
  // A sequence, version 0, then what kind of key it is, or its modulus, or version 1 and a curve's number.
  { kind: 'private key', is: (head) => /^308[12].{2,4}?020100(?:30|028[12])/.test(head.toString('hex', 0, 24)) },
  {
    kind: 'private key',
    is: (head) => /^30(?:81)?[0-9a-f]{2}(?:0201010420|020101043[0-9a-f]|0201010442)/.test(head.toString('hex', 0, 24)),
  },
  { kind: 'private key', is: (head) => /^30(?:81)?[0-9a-f]{2}020100300[0-9a-f]06/.test(head.toString('hex', 0, 24)) },
  // PKCS#12: a sequence, version 3, then data.
  {
    kind: 'key store',
    is: (head) =>
      /^30(?:8[0-4])?(?:[0-9a-f]{2}){0,4}?02010330.{2,12}?06092a864886f70d0107/.test(head.toString('hex', 0, 40)),
  },
  // Java: the first entry is a key, not a certificate.
  {
    kind: 'key store',
    is: (head) =>
      /^(?:feedfeed|cececece)0000000[12]/.test(head.toString('hex', 0, 8)) &&
      head.length >= 16 &&
      head.readUInt32BE(12) === 1,
  },
  { kind: 'password database', is: hex('03d9a29a67fb4bb') },
  { kind: 'password database', is: hex('03d9a29a65fb4bb') },
  { kind: 'password database', is: ascii('PWS3') },
  { kind: 'private key', is: ascii('== ed25519v1-secret') },
]

/** What kind of key store a blob is; null: none that is known. */
export function storeOf(bytes: Buffer): string | null {
  const head = bytes.subarray(0, 64)
  return stores.find(({ is }) => is(head))?.kind ?? null
}
