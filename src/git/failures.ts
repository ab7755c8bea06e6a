import { SyncError } from '../errors.ts'
import type { Failure, FailureName } from '../types.ts'

interface Row {
  readonly name: FailureName
  readonly heals: Failure['heals']
  readonly pattern: RegExp
  readonly hint: string
}

const ownershipHint = 'run: git config --global --add safe.directory <the work tree>'

/** What git (2.38 and later), ssh, curl and the large hosts print in English. The first row that matches counts. */
const table: readonly Row[] = [
  row(
    'host-key',
    'person',
    /host key verification failed|remote host identification has changed/i,
    'connect once with ssh by hand and accept the key after checking it',
  ),
  row(
    'rate-limit',
    'backoff',
    /returned error: 429|too many requests|rate limit/i,
    'wait: the remote limits how often it is asked',
  ),
  row(
    'too-large',
    'person',
    /GH001|exceeds .*file size limit|file is too large|push exceeds .*size|returned error: 413/i,
    'take the large file out of the unpushed commits, or use git LFS',
  ),
  row(
    'protected',
    'person',
    /protected branch|GH006|GH013|not allowed to push code to protected/i,
    'push to another branch, or let the branch rule allow it',
  ),
  row('remote-full', 'backoff', /remote:.*(no space left|quota)|unpacker error.*no space/i, 'free space on the remote'),
  row(
    'hook-refused',
    'person',
    /hook declined|ref updates aborted by hook|pre-receive hook/i,
    'see what the hook says and settle it',
  ),
  row('ownership', 'person', /detected dubious ownership/i, ownershipHint),
  row(
    'prompt-needed',
    'person',
    /terminal prompts disabled|could not read (username|password)|no such device or address/i,
    'store the credentials with a git credential helper, or use an ssh key',
  ),
  // A path that is not there now may be a disk that is not mounted: it is looked for again, cheaply.
  row(
    'no-such-remote',
    'unreachable',
    anyOf(/does not appear to be a git repository/, /no such file or directory[^]*could not read from remote/),
    'check the address with: git remote -v; it is looked for every minute',
  ),
  row(
    'no-such-remote',
    'person',
    anyOf(
      /repository .*not found/,
      /no such remote/,
      /not found: did you run/,
      /returned error: 404/,
      /project .*not found/,
    ),
    'check the address with: git remote -v',
  ),
  row(
    'authentication',
    'person',
    /permission denied \(|authentication failed|returned error: 40[13]|invalid (username|credentials)|access denied/i,
    'check the credentials and rights for this remote with: git ls-remote',
  ),
  row(
    'unreachable',
    'unreachable',
    anyOf(
      /could not resolve (host|hostname|proxy)/,
      /connection (refused|timed out|reset|closed)/,
      /no route to host/,
      /network is (unreachable|down)/,
      /failed to connect/,
      /couldn't connect/,
      /operation timed out/,
      /timed out after/,
      /temporary failure in name resolution/,
      /name or service not known/,
      /returned error: 50[0234]/,
      /the remote end hung up/,
      /unexpected disconnect/,
      /kex_exchange_identification/,
      /recv failure/,
      /ssl_connect/,
      /gnutls/,
      /early eof/,
    ),
    'nothing to do: it goes on when the remote can be reached',
  ),
  row(
    'disk-full',
    'backoff',
    /no space left on device|disk quota exceeded|out of diskspace|file too large$/i,
    'free disk space',
  ),
  row(
    'read-only',
    'person',
    anyOf(
      /read-only file system/,
      /insufficient permission for adding an object/,
      /unable to (create|write|append).*permission denied/,
      /cannot lock ref.*permission denied/,
      /unable to create temporary file: permission denied/,
    ),
    'make the git directory writable for the user that runs this',
  ),
  row(
    'identity',
    'person',
    /please tell me who you are|empty ident name|unable to auto-detect email|no (email|name) was given/i,
    'run: git config user.name "…" and git config user.email "…"',
  ),
  row(
    'signing',
    'person',
    anyOf(
      /gpg failed/,
      /failed to sign/,
      /signing failed/,
      /cannot run (gpg|ssh-keygen)/,
      /couldn't (load|find) .*(key|sign)/,
      /no (secret|private) key/,
      /user\.signingkey/,
    ),
    'make the signing key usable without a prompt, or unset commit.gpgsign',
  ),
  row(
    'locked',
    'backoff',
    /unable to create '[^']*\.lock': file exists|another git process seems/i,
    'wait for the other git command; if none runs, remove the lock file it names',
  ),
  row(
    'corrupt',
    'person',
    anyOf(
      /object file .* is empty/,
      /loose object .* is corrupt/,
      /bad object/,
      /unable to read (tree|sha1|[0-9a-f]{40})/,
      /invalid object/,
      /index file (corrupt|smaller)/,
      /bad signature/,
      /inflate/,
      /missing (blob|tree|commit)/,
      /bad (tree|index) file/,
      /not a valid object name/,
      /packfile .* (cannot|does not|is)/,
    ),
    'run: git fsck --full',
  ),
  row(
    'authentication',
    'person',
    /could not read from remote repository/i,
    'check the credentials and rights for this remote with: git ls-remote',
  ),
]

function row(name: FailureName, heals: Failure['heals'], pattern: RegExp, hint: string): Row {
  return { name, heals, pattern, hint }
}

function anyOf(...patterns: readonly RegExp[]): RegExp {
  return new RegExp(patterns.map(({ source }) => source).join('|'), 'i')
}

/** The answer of a git child that did not do what was asked. */
interface Refusal {
  readonly code: number | null
  readonly stderr: string
  readonly fault: 'missing' | 'not-started' | 'timeout' | 'too-much' | null
}

/** Names what went wrong. `verb` is the git command, for people. */
export function failureOf(verb: string, answer: Refusal): Failure {
  const detail = detailOf(answer.stderr)
  if (answer.fault === 'missing') return gitMissing
  if (answer.fault === 'timeout') return timeout(verb, detail)
  if (answer.fault === 'too-much') {
    return unknown(`git ${verb} printed more than is read`, 'report this with the size of the work tree')
  }
  if (answer.fault === 'not-started') {
    return unknown(`git ${verb} could not be started: ${detail}`, 'check memory and process limits')
  }
  const found = table.find(({ pattern }) => pattern.test(answer.stderr))
  if (found !== undefined)
    return { name: found.name, detail, hint: filledIn(found.hint, answer.stderr), heals: found.heals }
  const ending = answer.code === null ? 'was ended by a signal' : `ended with ${answer.code}`
  return unknown(`git ${verb} ${ending}${detail === '' ? '' : `: ${detail}`}`, `try it by hand: git ${verb}`)
}

/** git names the directory that it does not trust: the hint is to be typed as it stands. */
function filledIn(hint: string, stderr: string): string {
  const named = /^\s*(git config --global --add safe\.directory .+)$/m.exec(stderr)?.[1]
  return hint === ownershipHint && named !== undefined ? `run: ${named}` : hint
}

const gitMissing: Failure = {
  name: 'git-missing',
  detail: 'git was not found on PATH',
  hint: 'install git 2.38 or later',
  heals: 'person',
}

function timeout(verb: string, detail: string): Failure {
  const said = detail === '' ? '' : `: ${detail}`
  const hint = 'see what it waits for: a hook, a filter, a signing prompt or the network'
  return { name: 'timeout', detail: `git ${verb} did not end in time${said}`, hint, heals: 'backoff' }
}

function unknown(detail: string, hint: string): Failure {
  return { name: 'unknown', detail, hint, heals: 'backoff' }
}

const errnoRows: Readonly<Record<string, readonly [FailureName, Failure['heals'], string]>> = {
  ENOSPC: ['disk-full', 'backoff', 'free disk space'],
  EDQUOT: ['disk-full', 'backoff', 'free disk space'],
  EROFS: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
  EACCES: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
  EPERM: ['read-only', 'person', 'make the git directory writable for the user that runs this'],
}

/** The same for a system call of ours; `code` is the errno's name. */
export function failureOfErrno(code: string, message: string): Failure {
  const found = errnoRows[code]
  if (found === undefined)
    return { ...unknown(redact(message), 'check the disk and the git directory'), heals: 'backoff' }
  return { name: found[0], detail: redact(message), hint: found[2], heals: found[1] }
}

/** Reading the repository itself failed: nobody can go on, so it is an exception. */
export function repositoryError(failure: Failure): SyncError {
  return new SyncError(failure.name === 'git-missing' ? 'system' : 'repository', failure.detail, failure.hint)
}

/** User name and password, or token, in front of a host. */
const userinfo = /([a-z][a-z0-9+.-]*:\/\/)[^/@\s'"]*(?:@[^/@\s'"]*)*@/gi

/** Takes credentials out of every address in a text. */
export function redact(text: string): string {
  return text.replace(userinfo, '$1')
}

const detailMaxLength = 300
const noise = new RegExp(
  '^(?:hint: |To |Everything up-to-date|Please make sure|and the repository|an editor opened by|may have crashed' +
    '|git config --global --add safe\\.directory )',
)

/** The lines that say something, in one line, without credentials. */
export function detailOf(stderr: string): string {
  const lines = redact(stderr)
    .split(/[\r\n]+/)
    .map((line) => line.replace(/^(?:fatal|error): /, '').trim())
    .filter((line) => line !== '' && line !== 'remote:' && !noise.test(line))
  const text = lines.join('; ')
  return text.length > detailMaxLength ? `${text.slice(0, detailMaxLength - 1)}…` : text
}
