/** What the preset's rules are called by people. */

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

/** An address with a login in it: whether that gives anything away is judged where all addresses are. */
export function isOfAddresses(ruleId: string): boolean {
  return ['basicauth', 'database-connection-string'].includes(shortId(ruleId))
}

function shortId(ruleId: string): string {
  return ruleId.replace(/^.*secretlint-rule-/, '')
}
