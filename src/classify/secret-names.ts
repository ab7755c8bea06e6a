import { posix } from 'node:path'
import type { Inside, PathBytes, SecretFinding } from '../types.ts'

const sshKey = 'private SSH key (by its name)'
const key = 'private key (by its name)'
const keyStore = 'key store (by its name)'
const logins = 'stored logins (by its name)'
const token = 'stored access token (by its name)'
const passwords = 'password database (by its name)'
const state = 'state with the values of resources (by its name)'

function each(kind: string, names: string): readonly (readonly [string, string])[] {
  return names.split(' ').map((name) => [name, kind] as const)
}

/** Exact base names, in lower case. Public halves (`id_rsa.pub`) have other names. */
const byBaseName = new Map<string, string>([
  ...each(sshKey, 'id_rsa id_dsa id_ecdsa id_ed25519 id_ecdsa_sk id_ed25519_sk id_xmss'),
  ...each(sshKey, 'ssh_host_rsa_key ssh_host_dsa_key ssh_host_ecdsa_key ssh_host_ed25519_key'),
  ...each(logins, '.netrc _netrc .git-credentials .pgpass pgpass.conf .mylogin.cnf .htpasswd .htdigest .pypirc'),
  ...each(logins, '.dockercfg .s3cfg .boto rclone.conf .fetchmailrc .msmtprc .esmtprc .smbcredentials .authinfo'),
  ...each(logins, 'chap-secrets pap-secrets rsyncd.secrets sasl_passwd ipsec.secrets shadow- gshadow gshadow-'),
  ...each(logins, 'filezilla.xml recentservers.xml sitemanager.xml webservers.xml dbeaver-data-sources.xml .ftpconfig'),
  ...each(logins, 'sftp-config.json .remote-sync.json robomongo.json ventrilo_srv.ini proftpdpasswd credentials.xml'),
  ...each(logins, 'key3.db key4.db logins.json signons.sqlite cookies.sqlite'),
  ...each(token, '.vault-token application_default_credentials.json credentials.tfrc.json .credentials.json'),
  ...each(
    token,
    'oauth_creds.json kaggle.json .vault_pass .vault-pass .vault_pass.txt vault_pass.txt msal_token_cache.json',
  ),
  ...each(token, '.vault_password .vault-password vault_password_file settings-security.xml'),
  ...each(token, 'msal_token_cache.bin service_principal_entries.json service_principal_entries.bin'),
  ...each(keyStore, 'secring.gpg wallet.dat'),
  ...each(state, 'terraform.tfstate terraform.tfstate.backup'),
])

/** Names that say nothing by themselves, below the directory that makes them a credential store. */
const byParentAndBaseName = new Map<string, string>([
  ...each(logins, '.aws/credentials .vscode/sftp.json'),
  ...each(token, 'secrets/master.key .jenkins/secret.key'),
  ...each(token, '.gem/credentials .cargo/credentials .cargo/credentials.toml .kube/config gh/hosts.yml'),
  ...each(token, 'github-copilot/hosts.json github-copilot/apps.json .codex/auth.json opencode/auth.json'),
  ...each(token, '.factory/auth.json huggingface/token .huggingface/token .azure/accesstokens.json'),
  ...each(token, 'gcloud/credentials.db gcloud/access_tokens.db .terraform.d/credentials.tfrc.json'),
])

/** Stores of keys and passwords, which are no text: only their makers read what is in them. */
const byExtension = new Map<string, string>([
  ...each(keyStore, '.p12 .pfx .pkcs12 .jks .jceks .bks .keystore .keytab .pvk .keychain .keychain-db'),
  ...each(key, '.ppk'),
  ...each(state, '.tfstate'),
  ...each(passwords, '.kdb .kdbx .psafe3 .agilekeychain .1pif .enpassdb'),
])

/** `.env.<last>` that is written to be shared: names of settings without their values, or values encrypted. */
const sharedEnvironments = new Set(['example', 'examples', 'template', 'tmpl', 'sample', 'dist', 'default', 'defaults'])
const encryptedEnvironments = new Set(['vault', 'gpg', 'asc', 'age', 'enc', 'sops'])

/**
 * A secret that the file's name alone gives away; null: the name says nothing, or what the file holds is harmless
 * whatever it is called.
 */
export function secretByName(path: PathBytes, substance: Inside['substance']): SecretFinding | null {
  if (substance === 'nothing') return null
  const name = posix.basename(path).toLowerCase()
  const kind = kindOf(path, name)
  // A key is never prose. Of logins each line is one.
  if (kind === null || (substance === 'prose' && [sshKey, key, keyStore].includes(kind))) return null
  return { kind, line: null }
}

function kindOf(path: PathBytes, name: string): string | null {
  const parent = posix.basename(posix.dirname(path)).toLowerCase()
  if (parent === 'private-keys-v1.d' && name.endsWith('.key')) return key
  return (
    byBaseName.get(name) ??
    byParentAndBaseName.get(`${parent}/${name}`) ??
    byExtension.get(posix.extname(name)) ??
    environmentKind(name)
  )
}

function environmentKind(name: string): string | null {
  if (!/^\.env(?:[-_.]|$)/.test(name)) return null
  const last = name.slice(Math.max(name.lastIndexOf('.') + 1, '.env.'.length))
  if (sharedEnvironments.has(last) || encryptedEnvironments.has(last)) return null
  return 'environment file with values (by its name)'
}
