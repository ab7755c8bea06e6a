import { posix } from 'node:path'
import type { PathBytes, SecretFinding } from '../types.ts'

const sshKey = 'private SSH key (by its name)'
const logins = 'stored logins (by its name)'
const token = 'stored access token (by its name)'

/** Exact base names, in lower case. Public halves (`id_rsa.pub`) have other names. */
const byBaseName = new Map<string, string>([
  ...['rsa', 'dsa', 'ecdsa', 'ed25519', 'ecdsa_sk', 'ed25519_sk', 'xmss'].map(
    (kind) => [`id_${kind}`, sshKey] as const,
  ),
  ...['rsa', 'dsa', 'ecdsa', 'ed25519'].map((kind) => [`ssh_host_${kind}_key`, sshKey] as const),
  ...['.netrc', '_netrc', '.git-credentials', '.pgpass', 'pgpass.conf', '.mylogin.cnf', '.htpasswd', '.pypirc'].map(
    (name) => [name, logins] as const,
  ),
  ...['.dockercfg', '.s3cfg', '.boto', 'rclone.conf'].map((name) => [name, logins] as const),
  ...['.vault-token', 'application_default_credentials.json', 'credentials.tfrc.json'].map(
    (name) => [name, token] as const,
  ),
  ...['.credentials.json', 'oauth_creds.json'].map((name) => [name, token] as const),
])

/** Names that say nothing by themselves, below the directory that makes them a credential store. */
const byParentAndBaseName = new Map<string, string>([
  ['.aws/credentials', logins],
  ['.gem/credentials', token],
  ['.cargo/credentials', token],
  ['.cargo/credentials.toml', token],
  ['.kube/config', token],
  ['gh/hosts.yml', token],
  ['.codex/auth.json', token],
  ['.azure/accesstokens.json', token],
  ['gcloud/credentials.db', token],
  ['gcloud/access_tokens.db', token],
])

/** `.env.<last>` that is written to be shared: names of settings without their values, or values encrypted. */
const sharedEnvironments = new Set(['example', 'examples', 'template', 'tmpl', 'sample', 'dist', 'default', 'defaults'])
const encryptedEnvironments = new Set(['vault', 'gpg', 'asc', 'age', 'enc', 'sops'])

/** A secret that the file's name alone gives away; null: the name says nothing. */
export function secretByName(path: PathBytes): SecretFinding | null {
  const name = posix.basename(path).toLowerCase()
  const parent = posix.basename(posix.dirname(path)).toLowerCase()
  const kind = byBaseName.get(name) ?? byParentAndBaseName.get(`${parent}/${name}`) ?? environmentKind(name)
  return kind === null ? null : { kind, line: null }
}

function environmentKind(name: string): string | null {
  if (name !== '.env' && !name.startsWith('.env.')) return null
  const last = name.slice(name.lastIndexOf('.') + 1)
  if (sharedEnvironments.has(last) || encryptedEnvironments.has(last)) return null
  return 'environment file with values (by its name)'
}
