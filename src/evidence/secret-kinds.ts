/** What the scanner's rules are called by people, what they take for secrets that is none, and what they lack. */

const kinds: Readonly<Record<string, string>> = {
  aws: 'AWS key',
  gcp: 'Google service account key',
  npm: 'npm token',
  slack: 'Slack token or webhook',
  basicauth: 'password in an address',
  openai: 'OpenAI key',
  anthropic: 'Anthropic key',
  groq: 'Groq key',
  huggingface: 'Hugging Face token',
  linear: 'Linear token',
  notion: 'Notion token',
  privatekey: 'private key',
  sendgrid: 'SendGrid key',
  shopify: 'Shopify key',
  github: 'GitHub token',
  gitlab: 'GitLab token',
  grafana: 'Grafana token',
  '1password': '1Password token',
  'database-connection-string': 'password in a database address',
  'hashicorp-vault': 'Vault token',
  vercel: 'Vercel token',
  databricks: 'Databricks token',
  docker: 'Docker token',
  figma: 'Figma token',
}

/** @param ruleId as the scanner gives it: `@secretlint/secretlint-rule-github`. */
export function kindOf(ruleId: string): string {
  const name = shortId(ruleId)
  return kinds[name] ?? `${name} secret`
}

function shortId(ruleId: string): string {
  return ruleId.replace(/^.*secretlint-rule-/, '')
}

const standInWords =
  /^(?:user(?:name)?|pass(?:wd|word)?|pwd?|secret|token|change-?me|example|placeholder|dummy|x+|\.+|\*+|<.*>|\[.*\])$/i
const loopback = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|0\.0\.0\.0)(?::\d+)?$/i

/**
 * Whether an address shows what one looks like instead of giving anything away: a person's notes and READMEs are full
 * of `user:pass@host`, and of services on the very machine whose password is the name of the user.
 */
export function isStandIn(ruleId: string, matched: string): boolean {
  if (!['basicauth', 'database-connection-string'].includes(shortId(ruleId))) return false
  const parts = /:\/\/([^:/\s]*):([^@/\s]*)@([^/?\s"'`)>]*)/.exec(matched)
  if (parts === null) return false
  const [, user = '', password = '', host = ''] = parts
  return standInWords.test(password) || password === user || loopback.test(host)
}

interface Pattern {
  readonly kind: string
  readonly pattern: RegExp
}

/**
 * What the preset leaves out: it knows no encrypted, Ed25519 or PGP private key, and reads npm logins only in a file of
 * that name, which a blob does not have.
 */
const beyondPreset: readonly Pattern[] = [
  {
    kind: 'private key',
    pattern:
      /-----BEGIN (?:[A-Z\d]+ ){0,3}PRIVATE KEY(?: BLOCK)?-----(?:(?!-----END)[^]){0,600}?(?!(.)\1{9})[\w+/=]{40}/g,
  },
  { kind: 'private key', pattern: /PuTTY-User-Key-File-\d:[^]{0,4000}?Private-Lines: \d/g },
  { kind: 'private key', pattern: /AGE-SECRET-KEY-1[0-9A-Z]{58}/g },
  { kind: 'npm login', pattern: /^(?:\/\/\S{1,256}:_(?:authToken|password|auth)|_auth(?:Token)?)=[\w+/=.-]{16,}/gm },
  { kind: 'Anthropic key', pattern: /\bsk-ant-(?:oat|ort|sid|admin)\d\d-[\w-]{60,}/g },
  { kind: 'OpenRouter key', pattern: /\bsk-or-v1-[0-9a-f]{64}/g },
  { kind: 'Stripe key', pattern: /\b[rs]k_live_[0-9A-Za-z]{20,}/g },
  { kind: 'PyPI token', pattern: /\bpypi-AgEIcHlwaS5vcmc[\w-]{50,}/g },
]

export function foundBeyondPreset(text: string): readonly { readonly kind: string; readonly at: number }[] {
  return beyondPreset.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => ({ kind, at: index })),
  )
}
