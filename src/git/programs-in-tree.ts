import { posix } from 'node:path'

/** Keys whose value is a command, or names a program: git-config(1), 2.39, and what came since; git-lfs-config(5). */
const runningKeys = [
  String.raw`core\.(?:alternaterefscommand|askpass|editor|fsmonitor|gitproxy|pager|sshcommand)`,
  String.raw`(?:sequence\.editor|interactive\.difffilter|diff\.external|imap\.tunnel|pager\..+)`,
  String.raw`(?:gc\.recentobjectshook|uploadpack\.packobjectshook|init\.templatedir|instaweb\.(?:httpd|modulepath))`,
  String.raw`diff\..+\.(?:command|textconv)`,
  String.raw`(?:browser|difftool|man|mergetool)\..+\.(?:cmd|path)`,
  String.raw`(?:guitool\..+\.cmd|(?:hook|tar)\..+\.command|trailer\..+\.(?:cmd|command))`,
  String.raw`filter\..+\.(?:clean|smudge|process)`,
  String.raw`merge\..+\.driver`,
  String.raw`gpg\.(?:.+\.)?program`,
  String.raw`gpg\.ssh\.defaultkeycommand`,
  String.raw`credential(?:\..+)?\.helper`,
  String.raw`remote\..+\.(?:uploadpack|receivepack)`,
  String.raw`sendemail\.(?:.+\.)?(?:tocmd|cccmd|headercmd|sendmailcmd|smtpserver)`,
  String.raw`lfs\.(?:customtransfer\..+\.path|extension\..+\.(?:clean|smudge))`,
]
/** Keys whose value is a command only if it looks like this. */
const runningValues: readonly { readonly key: RegExp; readonly runs: RegExp }[] = [
  { key: /^alias\..+$/, runs: /^!|(?:^|\s)-c\s+\S+=/ },
  { key: /^submodule\..+\.update$/, runs: /^!/ },
  { key: /^remote\..+\.(?:push)?url$/, runs: /^ext::/ },
]
export const including = /^include(?:if\..+)?\.path$/s
const atHome = /^~(?=\/)/
const running = new RegExp(`^(?:${runningKeys.join('|')})$`)

export interface Entry {
  /** As `git config --show-origin` prints it. */
  readonly origin: string
  readonly key: string
  readonly value: string
}

/**
 * Files and directories that git's configuration runs, or reads more configuration from: who changes them changes what
 * runs here. A word of a command counts as a file even where it may be none.
 */
export function programsNamed(
  entries: readonly Entry[],
  root: string,
  home: string,
): { readonly files: readonly string[]; readonly hooks: readonly string[] } {
  const files = new Set<string>()
  const hooks = new Set<string>()
  const placed = (base: string, name: string): string => posix.resolve(base, name.replace(atHome, home))
  for (const { origin, key, value } of entries) {
    if (value === '') continue
    if (key === 'core.hookspath') {
      hooks.add(placed(root, value))
      // Husky's generated `_` runs the hooks beside it.
      if (value.endsWith('/_')) hooks.add(placed(root, value.slice(0, -2)))
    } else if (including.test(key)) files.add(includedFile({ origin, value }, root, home))
    else if (running.test(key) || runningValues.some((one) => one.key.test(key) && one.runs.test(value))) {
      for (const word of wordsOf(value, home)) {
        files.add(placed(root, word))
        // After `$(git rev-parse --show-toplevel)` or `$PWD` it goes on from the tree.
        if (word.startsWith('/')) files.add(posix.join(root, word))
      }
    }
  }
  return { files: [...files], hooks: [...hooks] }
}

/** Where the file of an `including` entry lies, there or not: beside the one that names it. */
export function includedFile({ origin, value }: Pick<Entry, 'origin' | 'value'>, root: string, home: string): string {
  const from = posix.resolve(root, origin.replace(/^file:/, ''))
  return posix.resolve(posix.dirname(from), value.replace(atHome, home))
}

/** What a shell may take for a name, whatever it makes of the rest. */
function wordsOf(command: string, home: string): readonly string[] {
  return command
    .replace(/^ext::/, '')
    .replaceAll(/"?\$(?:HOME\b|\{HOME\})"?/g, () => home)
    .replaceAll(/\$\w+/g, ' ')
    .split(/[\s'"=;|&()<>!`${}]+/)
    .filter((word) => word !== '')
}
