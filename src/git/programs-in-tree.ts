import { posix } from 'node:path'

/** Keys whose value is a command, or names a program. */
const runningKeys = [
  String.raw`core\.(?:fsmonitor|sshcommand|gitproxy|askpass)`,
  String.raw`filter\..+\.(?:clean|smudge|process)`,
  String.raw`merge\..+\.driver`,
  String.raw`gpg\.(?:.+\.)?program`,
  String.raw`gpg\.ssh\.defaultkeycommand`,
  String.raw`credential(?:\..+)?\.helper`,
  String.raw`remote\..+\.(?:uploadpack|receivepack)`,
]
const including = /^include(?:if\..+)?\.path$/
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
  const placed = (base: string, name: string): string => posix.resolve(base, name.replace(/^~(?=\/)/, home))
  for (const { origin, key, value } of entries) {
    if (value === '') continue
    if (key === 'core.hookspath') {
      hooks.add(placed(root, value))
      // Husky's generated `_` runs the hooks beside it.
      if (value.endsWith('/_')) hooks.add(placed(root, value.slice(0, -2)))
    } else if (including.test(key)) {
      files.add(placed(posix.dirname(posix.resolve(root, origin.replace(/^file:/, ''))), value))
    } else if (running.test(key)) {
      for (const word of value.split(/[\s'"=;|&()<>!`$]+/)) if (word !== '') files.add(placed(root, word))
    }
  }
  return { files: [...files], hooks: [...hooks] }
}
