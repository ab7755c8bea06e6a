import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'

/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function letters(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from(randomBytes(count), (byte) => alphabet[byte % alphabet.length]).join('')
}
const upper = (count: number): string => letters(count, 'ABCDEFGHJKLMNPQRSTUVWXYZ234567')
const hex = (count: number): string => letters(count, '0123456789abcdef')
const alpha = (count: number): string => letters(count, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJ')
const digits = (count: number): string => letters(count, '0123456789')

function kindsIn(text: string): Promise<string[]> {
  return scanSecrets(Buffer.from(text)).then((findings) => findings.map(({ kind }) => kind))
}

const rsa = generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
const ed25519 = generateKeyPairSync('ed25519').privateKey
const sealed = { format: 'pem', cipher: 'aes-256-cbc', passphrase: 'x' } as const
const armour = (kind: string, body: string): string =>
  `-----BEGIN ${kind}-----\n${body.replace(/(.{64})/g, '$1\n')}\n-----END ${kind}-----\n`
/** The scanner knows these by their last byte standing alone in its base64 group. */
const account = JSON.stringify({ email: 'a@b.c', k: letters(150), end: {} })
const onePassword = Buffer.from(account.replace('{', '{' + ' '.repeat((4 - (account.length % 3)) % 3))).toString(
  'base64',
)

const puttyHead = ['PuTTY', 'User', 'Key', 'File', '3'].join('-')

const secrets: readonly (readonly [string, string, string])[] = [
  ['a PKCS#1 key', rsa.export({ type: 'pkcs1', format: 'pem' }).toString(), 'private key'],
  ['a PKCS#8 key', rsa.export({ type: 'pkcs8', format: 'pem' }).toString(), 'private key'],
  ['an elliptic key', elliptic.export({ type: 'sec1', format: 'pem' }).toString(), 'private key'],
  ['an Ed25519 key', ed25519.export({ type: 'pkcs8', format: 'pem' }).toString(), 'private key'],
  ['an encrypted PKCS#8 key', rsa.export({ type: 'pkcs8', ...sealed }).toString(), 'private key'],
  ['an encrypted PKCS#1 key', rsa.export({ type: 'pkcs1', ...sealed }).toString(), 'private key'],
  ['an OpenSSH key', armour('OPENSSH PRIVATE KEY', 'b3BlbnNzaC1rZXktdjEA' + letters(300)), 'private key'],
  ['a PGP key', armour('PGP PRIVATE KEY BLOCK', 'lQOY' + letters(500)), 'private key'],
  [
    'a key with CRLF',
    elliptic.export({ type: 'sec1', format: 'pem' }).toString().replaceAll('\n', '\r\n'),
    'private key',
  ],
  ['a key inside JSON', JSON.stringify({ private_key: rsa.export({ type: 'pkcs8', format: 'pem' }) }), 'private key'],
  ['a PuTTY key', `${puttyHead}: ssh-rsa\nPublic-Lines: 1\nAAAA\nPrivate-Lines: 1\nBBBB`, 'private key'],
  ['an age key', `AGE-SECRET-KEY-1${upper(58)}`, 'private key'],
  ['an AWS secret key', `aws_secret_access_key = ${letters(40)}`, 'AWS key'],
  ['an AWS access key id', `id: AKIA${upper(16)}`, 'AWS key'],
  ['a classic GitHub token', `ghp_${letters(36)}`, 'GitHub token'],
  ['a fine-grained GitHub token', `github_pat_${letters(82)}`, 'GitHub token'],
  ['a GitHub token in a remote', `url = https://gho_${letters(36)}@github.com/a/b`, 'GitHub token'],
  ['a GitLab token', `glpat-${letters(20)}`, 'GitLab token'],
  ['a Slack token', `xoxb-${digits(12)}-${digits(12)}-${letters(24)}`, 'Slack token or webhook'],
  [
    'a Slack webhook',
    `https://hooks.slack.com/services/T${upper(8)}/B${upper(8)}/${letters(24)}`,
    'Slack token or webhook',
  ],
  ['an npm token', `//registry.example/:_authToken=npm_${letters(36)}`, 'npm token'],
  ['an older npm login', `//registry.example/:_authToken=${hex(8)}-${hex(4)}-${hex(4)}-${hex(12)}`, 'npm login'],
  ['a password in an address', `curl https://jane:${letters(12)}@intranet.example.com/a`, 'password in an address'],
  ['a Postgres address', `postgres://jane:${letters(12)}@db.example.com:5432/a`, 'password in a database address'],
  ['a MySQL address', `mysql://jane:${letters(12)}@db.example.com/a`, 'password in a database address'],
  ['a MongoDB address', `mongodb+srv://jane:${letters(12)}@db.example.com/a`, 'password in a database address'],
  ['an OpenAI key', `sk-${letters(20)}T3BlbkFJ${letters(20)}`, 'OpenAI key'],
  ['an OpenAI project key', `sk-proj-${letters(74)}T3BlbkFJ${letters(74)}`, 'OpenAI key'],
  ['an Anthropic key', `sk-ant-api03-${letters(93)}AA`, 'Anthropic key'],
  ['an Anthropic login', `sk-ant-oat01-${letters(90)}`, 'Anthropic key'],
  ['an OpenRouter key', `sk-or-v1-${hex(64)}`, 'OpenRouter key'],
  ['a Groq key', `gsk_${letters(52)}`, 'Groq key'],
  ['a Hugging Face token', `hf_${alpha(34)}`, 'Hugging Face token'],
  ['a Linear token', `lin_api_${letters(40)}`, 'Linear token'],
  ['a Notion token', `ntn_${digits(11)}${letters(35)}`, 'Notion token'],
  ['a SendGrid key', `SG.${letters(22)}.${letters(43)}`, 'SendGrid key'],
  ['a Shopify key', `shpat_${letters(32)}`, 'Shopify key'],
  ['a Grafana token', `glsa_${letters(32)}_${hex(8)}`, 'Grafana token'],
  ['a 1Password token', `ops_${onePassword}`, '1Password token'],
  ['a Vault token', `hvs.${letters(95)}`, 'Vault token'],
  ['a Vercel token', `vcp_${letters(24)}`, 'Vercel token'],
  ['a Databricks token', `dapi${hex(32)}`, 'Databricks token'],
  ['a Docker token', `dckr_pat_${letters(27)}`, 'Docker token'],
  ['a Figma token', `figd_${letters(40)}`, 'Figma token'],
  ['a Stripe key', `sk_live_${letters(24)}`, 'Stripe key'],
  ['a PyPI token', `pypi-AgEIcHlwaS5vcmc${letters(60)}`, 'PyPI token'],
]

test.each(secrets)('finds %s, with its line, and keeps it to itself', async (_, text, kind) => {
  const findings = await scanSecrets(Buffer.from(`first\nsecond\n${text}\nlast`))
  expect(findings.map((finding) => finding.kind)).toContain(kind)
  const line =
    3 + (text.startsWith('PuTTY') ? 0 : text.split('\n').findIndex((part) => part.includes(text.slice(0, 5))))
  expect(findings.find((finding) => finding.kind === kind)?.line).toBe(line)
  const told = JSON.stringify(findings)
  for (const word of text.match(/[\w+/=-]{16,}/g) ?? []) expect(told).not.toContain(word)
})

const standIn = ['user', 'pass'].join(':')
const sameTwice = ['postgres', 'postgres'].join(':')

const harmless: readonly (readonly [string, string])[] = [
  ['prose', 'A note about tokens, passwords and keys.'],
  ['a public key', generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' }).toString()],
  ['a private key shortened for a manual', armour('PRIVATE KEY', '...')],
  ['a private key made of crosses', armour('PRIVATE KEY', 'x'.repeat(64))],
  ['an address of a manual', `git clone https://${standIn}@git.example.com/a.git`],
  ['a service on this machine', `postgres://app:${letters(12)}@localhost:5432/app`],
  ['a password that is the name', `postgres://${sameTwice}@db:5432/app`],
  ['a variable in an npm login', '//registry.example/:_authToken=${NPM_TOKEN}'],
  ['an account id', 'aws_account_id: 123456789012'],
  ['an object id and a UUID', `${hex(40)} ${hex(8)}-${hex(4)}-${hex(4)}-${hex(4)}-${hex(12)}`],
]

test.each(harmless)('takes nothing amiss in %s', async (_, text) => {
  expect(await kindsIn(text)).toEqual([])
})

test('a secret in the last window of a large blob is found, and one that two windows share', async () => {
  const token = `ghp_${letters(36)}`
  const line = `${'word '.repeat(12)}\n`
  const before = line.repeat(Math.ceil(1_500_000 / line.length))
  const far = await scanSecrets(Buffer.from(`${before}${token}\n`))
  expect(far).toEqual([{ kind: 'GitHub token', line: before.split('\n').length }])
  const shared = Buffer.from(' '.repeat(64 * 1024 - 10) + token)
  expect(await scanSecrets(shared)).toEqual([{ kind: 'GitHub token', line: 1 }])
})

test('UTF-16 with its mark is text; other blobs with NUL are not looked into', async () => {
  const text = `\ufeff\npassword: ghp_${letters(36)}\n`
  const little = Buffer.from(text, 'utf16le')
  expect(await scanSecrets(little)).toEqual([{ kind: 'GitHub token', line: 2 }])
  expect(await scanSecrets(Buffer.from(little).swap16())).toEqual([{ kind: 'GitHub token', line: 2 }])
  expect(await scanSecrets(Buffer.concat([Buffer.from([0]), Buffer.from(text)]))).toEqual([])
  expect(await scanSecrets(new Uint8Array(0))).toEqual([])
  expect(await scanSecrets(Uint8Array.of(0xfe, 0xff, 0x00))).toEqual([])
})

test('a comment in the file cannot switch the scanner off', async () => {
  expect(await kindsIn(`# secretlint-disable\ntoken: ghp_${letters(36)}\n# secretlint-enable`)).toEqual([
    'GitHub token',
  ])
})

test('thousands of findings are neither all told nor slow', async () => {
  const many = Array.from({ length: 20_000 }, () => `https://jane:${letters(10)}@intranet.example.com`).join('\n')
  expect(await scanSecrets(Buffer.from(many))).toHaveLength(20)
})

test('thousands of scans leave nothing behind that slows down the next', async () => {
  const started = performance.getEntries().length
  const source = Buffer.from('a line of a file\n'.repeat(20))
  const tookMs: number[] = []
  for (let round = 0; round < 5; round++) {
    const startMs = performance.now()
    for (let count = 0; count < 1_000; count++) await scanSecrets(source)
    tookMs.push(performance.now() - startMs)
  }
  expect(performance.getEntries().length).toBe(started)
  // Unsilenced, the third thousand takes dozens of times as long as the first.
  expect(Math.min(...tookMs.slice(3))).toBeLessThan(4 * Math.min(...tookMs.slice(0, 2)) + 50)
})
