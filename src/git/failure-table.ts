import type { Failure, FailureName } from '../types.ts'

interface Row {
  readonly name: FailureName
  readonly heals: Failure['heals']
  readonly pattern: RegExp
  readonly hint: string
}

/** What git (2.38 and later), ssh, curl and the large hosts print in English. The first row that matches counts. */
export const failureTable: readonly Row[] = [
  row(
    'submodule-not-pushed',
    'backoff',
    /submodule paths contain changes that can\s+not be found on any remote/i,
    'push them, too: git push --recurse-submodules=on-demand',
  ),
  row(
    'host-key',
    'person',
    /host key verification failed|remote host identification has changed/i,
    'connect once with ssh by hand and accept the key after checking it',
  ),
  row(
    'host-key',
    'person',
    anyOf(
      /certificate verification failed/,
      /ssl certificate problem/,
      /unable to get local issuer/,
      /self[- ]signed certificate/,
      /certificate has expired/,
      /certificate subject name/,
    ),
    'check the certificate; to trust it: git config http.sslCAInfo <file with the certificate>',
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
  row(
    'remote-full',
    'backoff',
    /remote:.*(no space left|quota)|unpacker error.*no space|returned error: 507/i,
    'free space on the remote',
  ),
  row(
    'hook-refused',
    'person',
    /hook declined|ref updates aborted by hook|pre-receive hook/i,
    'see what the hook says and settle it',
  ),
  row(
    'ownership',
    'person',
    /detected dubious ownership/i,
    'run: git config --global --add safe.directory <the work tree>',
  ),
  row(
    'prompt-needed',
    'person',
    anyOf(
      /terminal prompts disabled/,
      /could not read (username|password)/,
      /no such device or address/,
      /told us to quit/,
      /unable to read askpass response/,
      /unable to get (username|password) from user/,
      /cannot prompt because/,
    ),
    'have git remember the credentials (git config credential.helper store), then git push once by hand',
  ),
  // A path that is not there now may be a disk that is not mounted: it is looked for again, cheaply.
  row(
    'no-such-remote',
    'unreachable',
    anyOf(/does not appear to be a git repository/, /no such file or directory[^]*could not read from remote/),
    'check the address with: git remote -v; it is looked for every minute',
  ),
  // A page that asks to sign in to a network or a proxy, in place of every answer: it goes away when somebody does.
  row(
    'no-such-remote',
    'unreachable',
    anyOf(/not valid: is this a git repository/, /no dav locking support/, /git-http-push failed/),
    'sign in where the network asks for it, or check the address with: git remote -v',
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
    anyOf(
      /permission denied \(/,
      /authentication failed/,
      /returned error: 40[137]/,
      /invalid (username|credentials)/,
      /access denied/,
    ),
    'check the credentials and rights for this remote with: git ls-remote',
  ),
  row(
    'timeout',
    'backoff',
    /operation too slow/i,
    'nothing to do: the server stopped answering, and is asked again ever more slowly',
  ),
  row(
    'rejected',
    'person',
    /returned error: (?:3\d\d|4(?!08)\d\d)/,
    'the server does not take this request: check the address with: git remote -v',
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
      /could(n't| not) connect/,
      /operation timed out/,
      /timed out after/,
      /temporary failure in name resolution/,
      /name or service not known/,
      /returned error: (?:408|5\d\d)/,
      /the remote end hung up/,
      /unexpected disconnect/,
      /empty reply from server/,
      /transfer closed with/,
      /was not closed cleanly/,
      /expected flush after ref listing/,
      /kex_exchange_identification/,
      /recv failure/,
      /ssl_(?:connect|read|write)/,
      /ssl handshake/,
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
    'git config user.name "Your Name" && git config user.email you@example.com',
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
