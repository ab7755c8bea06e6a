import { expect, test } from 'vitest'
import { scanSecrets } from '../../src/evidence/secrets.ts'
import { diceOf } from '../support/seed.ts'

const dice = diceOf(13)

/** Drawn at run time: the repository itself holds nothing that looks like a secret. */
function drawn(count: number, alphabet = 'aB3dE5gH7jK9mN1pQ4sT6vW8yZ2cF0'): string {
  return Array.from({ length: count }, () => alphabet[dice.between(0, alphabet.length - 1)]).join('')
}
const hex = (count: number): string => drawn(count, '0123456789abcdef')
const upper = (count: number): string => drawn(count, 'ABCDEFGHJKLMNPQRSTUVWXYZ234567')
const lower = (count: number): string => drawn(count, 'abcdefghijklmnopqrstuvwxyz0123456789')
const uuid = (): string => [8, 4, 4, 4, 12].map(hex).join('-')
const encoded = (text: string): string => Buffer.from(text).toString('base64url')
const webToken = (claims: object): string =>
  [JSON.stringify({ alg: 'HS256', typ: 'JWT' }), JSON.stringify(claims)].map(encoded).join('.') + `.${drawn(43)}`
const found = async (text: string) => (await scanSecrets(Buffer.from(text))).map(({ kind }) => kind)

const tokens: readonly (readonly [kind: string, token: string])[] = [
  ['Adafruit key', `aio_${drawn(28)}`],
  ['Adobe secret', `p8e-${drawn(32)}`],
  ['Airtable token', `pat${drawn(14)}.${hex(64)}`],
  ['Alibaba key', `LTAI${drawn(20)}`],
  ['Anthropic key', `sk-ant-api03-${drawn(86)}`],
  ['AppSync key', `da2-${lower(26)}`],
  ['Artifactory token', `AKCp${drawn(69)}`],
  ['Atlassian token', `ATBB${drawn(32)}`],
  ['Azure key', `${drawn(3)}8Q~${drawn(34)}`],
  ['Azure key', `${drawn(52)}JQQJ99${upper(18)}AZDO${drawn(4)}`],
  ['Azure key', `sv=2022-11-02&sr=c&sig=${drawn(40)}%2B%3D`],
  ['Brevo key', `xkeysib-${hex(64)}-${drawn(16)}`],
  ['Buildkite token', `bkua_${hex(40)}`],
  ['CircleCI token', `CCIPAT_${drawn(22)}_${hex(40)}`],
  ['Clojars token', `CLOJARS_${lower(60)}`],
  ['Cloudflare token', `cfut_${drawn(48)}`],
  ['Cloudflare key', `v1.0-${hex(24)}-${hex(146)}`],
  ['Contentful token', `CFPAT-${drawn(43)}`],
  ['Discord token', `${encoded(`7${drawn(17, '0123456789')}`)}.${drawn(6)}.${drawn(38)}`],
  ['Doppler token', `dp.scim.${drawn(43)}`],
  ['Dropbox token', `sl.${drawn(130)}`],
  ['Dynatrace token', `dt0c01.${upper(24)}.${upper(64)}`],
  ['Facebook token', `EAAC${drawn(120)}`],
  ['Fly.io token', `fm2_${drawn(140)}`],
  ['GitLab token', `glrt-${drawn(20)}`],
  ['GitLab token', `GR1348941${drawn(20)}`],
  ['Grafana token', `glc_${drawn(80)}`],
  ['Heroku key', `HRKU-AA${drawn(58)}`],
  ['HubSpot token', `pat-na1-${uuid()}`],
  ['LangSmith key', `lsv2_pt_${hex(32)}_${hex(10)}`],
  ['MaxMind key', `${drawn(6)}_${drawn(29)}_mmk`],
  ['NATS seed', `SU${upper(56)}`],
  ['Netlify token', `nfp_${drawn(36)}`],
  ['New Relic key', `${hex(36)}NRAL`],
  ['Notion token', `secret_${drawn(43)}`],
  ['Octopus key', `API-${upper(26)}`],
  ['OpenAI key', `sk-proj-${drawn(48)}`],
  ['OpenShift token', `sha256~${drawn(43)}`],
  ['PayPal token', `access_token$production$${lower(16)}$${hex(32)}`],
  ['PostHog key', `phx_${drawn(47)}`],
  ['Razorpay key', `rzp_live_${drawn(14)}`],
  ['Resend key', `re_${drawn(8)}_${drawn(24)}`],
  ['Salesforce session', `00D${drawn(12)}!${drawn(96)}`],
  ['Slack token or webhook', `xoxe.xoxp-1-${drawn(164)}`],
  ['SonarQube token', `squ_${hex(40)}`],
  ['Sourcegraph token', `sgp_${hex(16)}_${hex(40)}`],
  ['Stripe key', `sk_test_${drawn(24)}`],
  ['Supabase token', `sbp_${hex(40)}`],
  ['Tavily key', `tvly-dev-${drawn(32)}`],
  ['Vault token', `hvs.${drawn(24)}`],
  ['X token', `${'A'.repeat(22)}${drawn(24)}%3D${drawn(50)}`],
  ['JSON web token', webToken({ sub: uuid(), admin: true })],
]

test.each(tokens)('%s is known by its form, whatever it is given to', async (kind, token) => {
  expect(await found(`first line\nlet it = f('${token}', 1)\n`)).toContain(kind)
  expect(await found(`see <${token}> there\n`)).toContain(kind)
})

const words = tokens.filter(([, token]) => !token.includes('&'))

test.each(words)('%s in the middle of a longer word is something else', async (kind, token) => {
  expect(await found(`let it = f('Zz${token}', 1)\n`)).not.toContain(kind)
})

const harmless: readonly (readonly [string, string])[] = [
  ['tokens made of crosses', `nfp_${'x'.repeat(36)} and sk_test_${'x'.repeat(24)} and hvs.${'X'.repeat(30)}\n`],
  ['tokens of the preset made of crosses', `ghp_${'X'.repeat(36)} and glpat-${'x'.repeat(20)}\n`],
  ['words that stand for a token', `sk-proj-${'your-key-goes-here-'.repeat(3)}in-the-file\nxoxb-your-token\n`],
  ['a public key', `untrusted comment: minisign public key\nRW${drawn(54)}\n`],
  ['the token that manuals show', `${webToken({ sub: '1234567890', name: ['John', 'Doe'].join(' ') })}\n`],
  ['the token of a page for everybody', `${webToken({ iss: 'supabase', role: 'anon' })}\n`],
  ['a token without a signature', `${webToken({ sub: '77' }).replace(/[^.]*$/, '')}\n`],
  ['data in base64', `let d = "${drawn(70)}/EAAC${drawn(3_000)}+AKCp${drawn(69)}+${drawn(70)}"\n`],
  ['three words with dots', 'MessageHandlerFactoryOne.create.theInstanceOfTheMessageHandler()\n'],
]

test.each(harmless)('%s: no token', async (_, text) => {
  expect(await found(text)).toEqual([])
})
