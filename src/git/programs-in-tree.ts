import { posix } from 'node:path'
import type { PathBytes } from '../types.ts'
import { pathBytes } from '../types.ts'

/** Keys whose value is a command, or names a file or directory of commands or of more configuration. */
const runningKeys = [
  String.raw`core\.(?:hookspath|fsmonitor|sshcommand|gitproxy|askpass)`,
  String.raw`include(?:if\..+)?\.path`,
  String.raw`filter\..+\.(?:clean|smudge|process)`,
  String.raw`merge\..+\.driver`,
  String.raw`gpg\.(?:.+\.)?program`,
  String.raw`gpg\.ssh\.defaultkeycommand`,
  String.raw`credential(?:\..+)?\.helper`,
  String.raw`remote\..+\.(?:uploadpack|receivepack)`,
]
const running = new RegExp(`^(?:${runningKeys.join('|')})$`)

/**
 * Files and directories of the work tree that git's configuration runs, or reads more configuration from: who changes
 * them changes what runs here. A word of a command counts as a place even where it may be none.
 * @param entries `origin` as `git config --show-origin` prints it
 */
export function programsInTree(
  entries: readonly { readonly origin: string; readonly key: string; readonly value: string }[],
  root: string,
  home: string,
): readonly PathBytes[] {
  const found = new Set<PathBytes>()
  for (const { origin, key, value } of entries) {
    if (!running.test(key)) continue
    const isInclude = key.startsWith('include')
    const isPlace = isInclude || key === 'core.hookspath'
    // Husky's generated `_` runs the hooks beside it.
    const beside = key === 'core.hookspath' && value.endsWith('/_') ? [value.slice(0, -2)] : []
    const words = isPlace ? [value, ...beside] : value.split(/[\s'"=;|&()<>!`$]+/)
    const base = isInclude ? posix.dirname(posix.resolve(root, origin.replace(/^file:/, ''))) : root
    for (const word of words) {
      const place = posix.resolve(base, word.replace(/^~(?=\/)/, home))
      if (word !== '' && place.startsWith(`${root}/`)) found.add(pathBytes(place.slice(root.length + 1)))
    }
  }
  return [...found].filter((path) => path !== '.git' && !path.startsWith('.git/'))
}
