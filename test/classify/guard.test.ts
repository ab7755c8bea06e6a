import { expect, test } from 'vitest'
import { massDeletions } from '../../src/classify/classify.ts'
import { pathBytes, pathOfLatin1, type GuardEvidence, type PathBytes, type Verdict } from '../../src/types.ts'
import { classifierWith, goodGuard, judged, judgedPath } from '../support/judging.ts'

const classifier = classifierWith('ALLOW:docs/**:people write here\n')

function guarded(name: string, guard: Partial<GuardEvidence>): Verdict {
  return guardedPath(pathBytes(name), guard)
}

function guardedPath(path: PathBytes, guard: Partial<GuardEvidence>): Verdict {
  return judgedPath(classifier, path, { depth: 'full', guard: { ...goodGuard, ...guard } }).verdict
}

const held: readonly (readonly [string, Partial<GuardEvidence>, RegExp])[] = [
  [
    'a secret',
    { secrets: [{ kind: 'GitHub token', line: 3 }] },
    /GitHub token in line 3.*workspace-sync ack docs\/a\.md/,
  ],
  ['a large file', { blob: { oid: 'e', mode: '100644', sizeBytes: 1025 } }, /1\.1 KB of 1 KB.*workspace-sync ack/],
  ['a file still being written', { whole: false }, /still being written/],
  ['an unmerged file', { staging: 'unmerged' }, /merge conflict.*git add docs\/a\.md/],
  [
    'what is staged and changed on the remote',
    { staging: 'staged', diverged: true },
    /changed on the remote: .*git restore --staged docs\/a\.md.*conflicts resolve docs\/a\.md$/,
  ],
  ['a staged file', { staging: 'staged' }, /commit it yourself.*git restore --staged docs\/a\.md/],
  ['an unsettled conflict', { conflictLine: 4 }, /merge conflict in line 4 .*settle it.*workspace-sync ack/],
  [
    'one of very many deletions',
    { massDeletion: true },
    /deletions.*git restore docs\/a\.md.*workspace-sync ack docs\/a\.md/,
  ],
]

test.each(held)('%s is held though a rule allows it, in one line that says what to do', (_, guard, reason) => {
  const verdict = guarded('docs/a.md', guard)
  expect(verdict).toMatchObject({ decision: 'hold', layer: 'guard' })
  expect(verdict.reason).toMatch(reason)
  expect(verdict.reason).not.toContain('\n')
})

test.each(held)('an acknowledgement lets %s through only where a person can judge it', (what, guard) => {
  const personal = ['a secret', 'a large file', 'an unsettled conflict', 'one of very many deletions'].includes(what)
  expect(guarded('docs/a.md', { ...guard, acknowledged: true }).decision).toBe(personal ? 'sync' : 'hold')
})

test('a file of exactly the limit passes', () => {
  expect(guarded('a.bin', { blob: { oid: 'e', mode: '100644', sizeBytes: 1024 } }).decision).toBe('sync')
})

test('a secret and a size are told together, since one acknowledgement settles both; many secrets are counted', () => {
  const secrets = Array.from({ length: 5 }, (_, line) => ({ kind: 'npm token', line: line + 1 }))
  const { reason } = guarded('a', { secrets, blob: { oid: 'e', mode: '100644', sizeBytes: 3 * 1024 ** 3 } })
  expect(reason).toContain('npm token in line 1, npm token in line 2, npm token in line 3 and 2 more')
  expect(reason).toContain('3 GB of 1 KB')
})

function commandFor(name: PathBytes): string {
  return guardedPath(name, { secrets: [{ kind: 'k', line: 1 }] }).reason.replace(/^.*workspace-sync ack (.*)$/, '$1')
}

test('the command in a reason can be pasted whatever the name is', () => {
  expect(commandFor(pathBytes("it's here"))).toBe(`'it'\\''s here'`)
  expect(commandFor(pathBytes('-rf'))).toBe('./-rf')
  expect(commandFor(pathBytes('übung 1'))).toBe(`'übung 1'`)
  expect(commandFor(pathBytes('a\nb'))).toBe(`$'a\\x0ab'`)
  expect(commandFor(pathOfLatin1("a\xff'\\"))).toBe(`$'a\\xff\\x27\\x5c'`)
})

const secretNames = [
  'id_rsa',
  'home/.ssh/id_ed25519',
  'id_ecdsa_sk',
  'etc/ssh_host_rsa_key',
  '.netrc',
  '_netrc',
  '.pgpass',
  '.git-credentials',
  '.pypirc',
  '.htpasswd',
  '.aws/credentials',
  'x/.aws/credentials',
  '.cargo/credentials.toml',
  '.kube/config',
  '.config/gh/hosts.yml',
  '.claude/.credentials.json',
  '.codex/auth.json',
  '.env',
  'app/.env',
  '.env.local',
  '.env.production',
  '.ENV',
  'release.p12',
  'android/upload.JKS',
  'krb5.keytab',
  'vault.kdbx',
  'home/.gnupg/private-keys-v1.d/ABCD.key',
  'infra/terraform.tfstate',
  'prod.tfstate',
  '.config/github-copilot/apps.json',
  '.gemini/oauth_creds.json',
  'firefox/key4.db',
  'filezilla/sitemanager.xml',
  '.vscode/sftp.json',
  'sasl_passwd',
  '.env-prod',
  '.env_local',
  'ansible/.vault-password',
  'vault_password_file',
  'maven/settings-security.xml',
]

test.each(secretNames)('the name gives a secret away: %s', (name) => {
  const verdict = guarded(name, {})
  expect(verdict).toMatchObject({ decision: 'hold', layer: 'guard' })
  expect(verdict.reason).toContain('by its name')
  expect(guarded(name, { acknowledged: true }).decision).toBe('sync')
})

test.each(secretNames)('a name gives nothing away where nothing could be a secret: %s', (name) => {
  expect(guarded(name, { substance: 'nothing' }).decision).toBe('sync')
})

test('a key is never prose, and what stands where logins are kept may be one', () => {
  expect(guarded('id_rsa', { substance: 'prose' }).decision).toBe('sync')
  expect(guarded('.netrc', { substance: 'prose' }).decision).toBe('hold')
})

test('a conflict and a secret are told together, and the remedy is the one of the secret', () => {
  const { reason } = guarded('a.md', { conflictLine: 2, secrets: [{ kind: 'npm token', line: 9 }] })
  expect(reason).toMatch(/npm token in line 9, and has a merge conflict in line 2 .*: take it out/)
})

const plainNames = [
  'id_rsa.pub',
  'id_rsa.md',
  'my_id_rsa',
  'credentials',
  'docs/credentials',
  'kube/config',
  'config',
  'hosts.yml',
  'auth.json',
  '.env.example',
  '.env.template',
  '.env.sample',
  '.env.local.example',
  '.env-example',
  '.env.vault',
  '.environment',
  'env',
  'a.env.ts',
  '.envrc',
  '.env/bin/python',
  '.npmrc',
  'server.key',
  'slides.key',
  'cert.pem',
  'passwords.txt',
  'secrets.yml',
  'terraform.tf',
  'app.json',
]

test.each(plainNames)('the name says nothing: %s', (name) => {
  expect(guarded(name, {}).decision).toBe('sync')
})

test('deleting a secret reveals nothing, and a link to one holds a name only', () => {
  const deleted = judged(classifier, '.env', {
    depth: 'full',
    entry: null,
    base: { mode: '100644', oid: 'a'.repeat(40) },
    guard: { ...goodGuard, blob: null },
  })
  expect(deleted.verdict.decision).toBe('sync')
  expect(guarded('.env', { blob: { oid: 'e', mode: '120000', sizeBytes: 9 } }).decision).toBe('sync')
})

function deletions(count: number): { path: PathBytes; oid: string }[] {
  return Array.from({ length: count }, (_, index) => ({ path: pathBytes(`f${index}`), oid: `oid${index}` }))
}

const limits = { files: 50, share: 0.25 }

function batch(count: number, part: Partial<Parameters<typeof massDeletions>[0]> = {}) {
  const deleted = deletions(count)
  return massDeletions(
    { deleted, createdOids: new Set(), trackedFiles: 530, recentlyDeleted: 0, emptied: false, ...part },
    limits,
  )
}

test('350 deletions of 530 tracked files are held, every one of them', () => {
  expect(batch(350)).toHaveLength(350)
})

test('deletions are held only beyond both limits', () => {
  expect(batch(132)).toEqual([])
  expect(batch(133)).toHaveLength(133)
  expect(batch(50, { trackedFiles: 60 })).toEqual([])
  expect(batch(51, { trackedFiles: 60 })).toHaveLength(51)
  expect(batch(2_000, { trackedFiles: 100_000 })).toEqual([])
})

test('a file whose blob reappears in the batch was renamed: it does not count and is not held', () => {
  const renamed = new Set(deletions(340).map(({ oid }) => oid))
  expect(batch(350, { createdOids: renamed })).toEqual([])
  const half = new Set(deletions(150).map(({ oid }) => oid))
  const gone = batch(350, { createdOids: half })
  expect(gone).toHaveLength(200)
  expect(gone).not.toContain('f0')
})

test('deletions that leave nothing behind are held however few they are, but for the only file', () => {
  expect(batch(3, { trackedFiles: 3, emptied: true })).toHaveLength(3)
  expect(batch(1, { trackedFiles: 3, emptied: true })).toHaveLength(1)
  expect(batch(1, { trackedFiles: 1, emptied: true })).toEqual([])
  const moved = new Set(deletions(3).map(({ oid }) => oid))
  expect(batch(3, { trackedFiles: 3, emptied: true, createdOids: moved })).toEqual([])
})

test('deletions that come in several batches are weighed together', () => {
  expect(batch(40)).toEqual([])
  expect(batch(40, { trackedFiles: 430, recentlyDeleted: 100 })).toHaveLength(40)
})
