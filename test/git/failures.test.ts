import { expect, test } from 'vitest'
import { failureOf, failureOfErrno, redact } from '../../src/git/failures.ts'

const answer = (stderr: string) => ({ code: 128, stderr, fault: null })

/** As printed by git 2.38 to 2.51, OpenSSH 9, curl 7.88 and 8, GnuTLS, OpenSSL and the large hosts. */
const printed: readonly (readonly [string, string, string])[] = [
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'https://example.invalid/x/': Could not resolve host: example.invalid",
  ],
  [
    'unreachable',
    'unreachable',
    'ssh: Could not resolve hostname nowhere: Name or service not known\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.',
  ],
  [
    'unreachable',
    'unreachable',
    'ssh: connect to host 127.0.0.1 port 22: Connection refused\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights',
  ],
  [
    'unreachable',
    'unreachable',
    'ssh: connect to host 10.0.0.1 port 22: No route to host\nfatal: Could not read from remote repository.',
  ],
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'http://h/': Failed to connect to h port 80: Connection timed out",
  ],
  ['unreachable', 'unreachable', 'fatal: unable to access: The requested URL returned error: 503'],
  [
    'no-such-remote',
    'unreachable',
    "fatal: '/gone' does not appear to be a git repository\nfatal: Could not read from remote repository.\n\nPlease make sure you have the correct access rights",
  ],
  ['no-such-remote', 'person', 'ERROR: Repository not found.\nfatal: Could not read from remote repository.'],
  ['authentication', 'person', 'git@h: Permission denied (publickey).\nfatal: Could not read from remote repository.'],
  ['authentication', 'person', "remote: Invalid credentials\nfatal: Authentication failed for 'https://h/x/'"],
  ['authentication', 'person', "fatal: unable to access 'https://h/x/': The requested URL returned error: 403"],
  ['prompt-needed', 'person', "fatal: could not read Username for 'https://h': terminal prompts disabled"],
  ['host-key', 'person', 'Host key verification failed.\nfatal: Could not read from remote repository.'],
  ['rate-limit', 'backoff', "fatal: unable to access 'https://h/x/': The requested URL returned error: 429"],
  [
    'too-large',
    'person',
    'remote: error: GH001: Large files detected.\n! [remote rejected] main -> main (pre-receive hook declined)',
  ],
  [
    'protected',
    'person',
    'remote: error: GH006: Protected branch update failed for refs/heads/main.\n [remote rejected] (protected branch hook declined)',
  ],
  ['hook-refused', 'person', '[remote rejected] (pre-receive hook declined)'],
  [
    'submodule-not-pushed',
    'backoff',
    'The following submodule paths contain changes that can\nnot be found on any remote:\n  sm\n\nPlease try\n\n\tgit push --recurse-submodules=on-demand\n\nfatal: Aborting.\nfatal: the remote end hung up unexpectedly',
  ],
  ['remote-full', 'backoff', 'remote: fatal: write error: No space left on device'],
  ['disk-full', 'backoff', 'error: unable to write file: No space left on device\nfatal: Unable to add x to database'],
  ['read-only', 'person', "fatal: Unable to create '/r/.git/refs/heads/main.lock': Permission denied"],
  ['read-only', 'person', 'error: insufficient permission for adding an object to repository database .git/objects'],
  [
    'identity',
    'person',
    '*** Please tell me who you are.\n\nRun\n  git config --global user.email "you@example.com"\n\nfatal: unable to auto-detect email address',
  ],
  ['signing', 'person', 'error: gpg failed to sign the data\nfatal: failed to write commit object'],
  [
    'locked',
    'backoff',
    "fatal: Unable to create '/r/.git/index.lock': File exists.\n\nAnother git process seems to be running in this repository",
  ],
  ['ownership', 'person', "fatal: detected dubious ownership in repository at '/r'"],
  ['corrupt', 'person', 'error: object file .git/objects/ab/cd is empty\nfatal: loose object abcd is corrupt'],
  [
    'rejected',
    'person',
    'error: RPC failed; HTTP 400 curl 22 The requested URL returned error: 400\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'authentication',
    'person',
    'error: RPC failed; HTTP 403 curl 22 The requested URL returned error: 403\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'no-such-remote',
    'person',
    'error: RPC failed; HTTP 404 curl 22 The requested URL returned error: 404\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'authentication',
    'person',
    'error: RPC failed; HTTP 407 curl 22 The requested URL returned error: 407\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'unreachable',
    'unreachable',
    'error: RPC failed; HTTP 408 curl 22 The requested URL returned error: 408\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'too-large',
    'person',
    'error: RPC failed; HTTP 413 curl 22 The requested URL returned error: 413\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'rate-limit',
    'backoff',
    'error: RPC failed; HTTP 429 curl 22 The requested URL returned error: 429\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'rejected',
    'person',
    'error: RPC failed; HTTP 302 curl 22 The requested URL returned error: 302\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'unreachable',
    'unreachable',
    'error: RPC failed; HTTP 500 curl 22 The requested URL returned error: 500\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'unreachable',
    'unreachable',
    'error: RPC failed; HTTP 504 curl 22 The requested URL returned error: 504\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'remote-full',
    'backoff',
    'error: RPC failed; HTTP 507 curl 22 The requested URL returned error: 507\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  ['unreachable', 'unreachable', "fatal: unable to access 'https://h/x/': Empty reply from server"],
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'https://h/x/': transfer closed with 127 bytes remaining to read",
  ],
  ['unreachable', 'unreachable', "fatal: unable to access 'https://h/x/': Recv failure: Connection reset by peer"],
  ['unreachable', 'unreachable', "fatal: unable to access 'https://h/x/': Could not connect to server"],
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'https://h/x/': gnutls_handshake() failed: An unexpected TLS packet was received.",
  ],
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'https://h/x/': OpenSSL SSL_read: Connection was reset, errno 10054",
  ],
  [
    'unreachable',
    'unreachable',
    "fatal: unable to access 'https://h/x/': HTTP/2 stream 1 was not closed cleanly before end of the underlying stream",
  ],
  [
    'unreachable',
    'unreachable',
    'error: RPC failed; curl 18 transfer closed with 30 bytes remaining to read\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'timeout',
    'backoff',
    'error: RPC failed; curl 28 Operation too slow. Less than 1 bytes/sec transferred the last 60 seconds\nsend-pack: unexpected disconnect while reading sideband packet\nfatal: the remote end hung up unexpectedly',
  ],
  [
    'host-key',
    'person',
    "fatal: unable to access 'https://h/x/': server certificate verification failed. CAfile: none CRLfile: none",
  ],
  [
    'host-key',
    'person',
    "fatal: unable to access 'https://h/x/': SSL certificate problem: unable to get local issuer certificate",
  ],
  ['host-key', 'person', "fatal: unable to access 'https://h/x/': SSL certificate problem: self signed certificate"],
  [
    'host-key',
    'person',
    "fatal: unable to access 'https://h/x/': SSL certificate problem: self-signed certificate in certificate chain",
  ],
  [
    'host-key',
    'person',
    "fatal: unable to access 'https://h/x/': SSL: no alternative certificate subject name matches target host name 'h'",
  ],
  ['host-key', 'person', "fatal: unable to access 'https://h/x/': SSL certificate problem: certificate has expired"],
  ['prompt-needed', 'person', "fatal: could not read Password for 'https://ada@h': terminal prompts disabled"],
  ['prompt-needed', 'person', "fatal: credential helper '!f' told us to quit"],
  [
    'prompt-needed',
    'person',
    "error: unable to read askpass response from '/x'\nfatal: could not read Username for 'https://h': No such device or address",
  ],
  ['prompt-needed', 'person', 'fatal: unable to get password from user'],
  ['prompt-needed', 'person', 'fatal: Cannot prompt because user interactivity has been disabled.'],
  ['no-such-remote', 'person', "fatal: repository 'https://h/x/' not found"],
  ['unknown', 'backoff', 'fatal: something nobody has seen before'],
]

test.each(printed)('%s (%s): %j', (name, heals, stderr) => {
  const failure = failureOf('push', answer(stderr))
  expect(failure).toMatchObject({ name, heals })
  expect(failure.hint).not.toBe('')
  expect(failure.detail).not.toContain('\n')
  expect(failure.detail.length).toBeLessThanOrEqual(400)
})

test('a file of the user that cannot be read does not make the repository read-only', () => {
  const stderr = "fatal: could not open 'x' for reading: Permission denied"
  expect(failureOf('hash-object', answer(stderr)).name).toBe('unknown')
})

const ended = (fault: 'missing' | 'timeout' | 'too-much' | 'not-started') =>
  failureOf('push', { code: null, stderr: '', fault })

test('a child that never answered is named by how it ended', () => {
  expect(ended('missing').name).toBe('git-missing')
  expect(ended('timeout')).toMatchObject({ name: 'timeout', heals: 'backoff', detail: 'git push did not end in time' })
  expect(ended('too-much').name).toBe('unknown')
  expect(ended('not-started').heals).toBe('backoff')
})

test('system errors of our own have the same names', () => {
  expect(failureOfErrno('ENOSPC', 'x').name).toBe('disk-full')
  expect(failureOfErrno('EROFS', 'x').name).toBe('read-only')
  expect(failureOfErrno('EACCES', 'x').name).toBe('read-only')
  expect(failureOfErrno('EIO', 'x').name).toBe('unknown')
})

test('user names, passwords and tokens leave every address', () => {
  const shown = [
    ['https://alice:s3cret@h/x.git', 'https://h/x.git'],
    ['https://ghp_token@h/x', 'https://h/x'],
    ['https://a:p@ss@h/x', 'https://h/x'],
    ["fatal: unable to access 'http://u:p@h:8080/x/': no", "fatal: unable to access 'http://h:8080/x/': no"],
    ['ssh://git@h:22/x', 'ssh://h:22/x'],
    ['git@h:x.git', 'git@h:x.git'],
    ['https://h/a@b', 'https://h/a@b'],
    [`remote: found ghp_${'a1B2'.repeat(9)}, refused`, 'remote: found ghp_***, refused'],
  ]
  for (const [given = '', expected = ''] of shown) expect(redact(given)).toBe(expected)
})

test('the detail keeps what a hook said and drops what git always says', () => {
  const stderr =
    'remote: ticket missing        \nremote: \nTo /r\nerror: failed to push some refs\nhint: see git help push\n'
  expect(failureOf('push', answer(`[remote rejected] (pre-receive hook declined)\n${stderr}`)).detail).toBe(
    '[remote rejected] (pre-receive hook declined); remote: ticket missing; failed to push some refs',
  )
})

test('where there is no room for everything that git printed, what failed comes first', () => {
  const news = Array.from(
    { length: 20 },
    (_, at) => ` * [new ref]   refs/workspace-sync/conflicts/${at} -> refs/x/${at}`,
  )
  const { detail } = failureOf('fetch', answer(`From git://h/r\n${news.join('\n')}\nerror: the disk is on fire\n`))
  expect(detail).toMatch(/^git fetch ended with 128: the disk is on fire; From git:\/\/h\/r; .*…$/)
})
