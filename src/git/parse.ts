import type { FileMode, PathBytes, TreeEntry } from '../types.ts'

/**
 * The pieces of NUL-separated output, one byte per unit. Each is made of its own bytes: a piece of one long string
 * would keep all of it in memory, and a path is kept for days.
 */
export function fields(output: Buffer): readonly string[] {
  const found: string[] = []
  for (let at = 0; at < output.length;) {
    const nul = output.indexOf(0, at)
    const end = nul < 0 ? output.length : nul
    found.push(output.toString('latin1', at, end))
    at = end + 1
  }
  return found
}

/**
 * Paths of `git status --porcelain=v2 -z --no-renames`, submodules and nested repositories left out.
 * `mark` '!' gives the ignored ones instead, as git prints them (a directory ends with '/').
 */
export function statusPaths(output: Buffer, mark: 'changed' | '!'): readonly PathBytes[] {
  const found: PathBytes[] = []
  for (const line of fields(output)) {
    const kind = line.charAt(0)
    if (mark === '!') {
      if (kind === '!') found.push(line.slice(2) as PathBytes)
      continue
    }
    // "1 XY sub mH mI mW hH hI path", "u XY sub m1 m2 m3 mW h1 h2 h3 path", "? path"
    const skip = kind === '1' ? 8 : kind === 'u' ? 10 : kind === '?' ? 1 : 0
    if (skip === 0) continue
    const path = afterSpaces(line, skip)
    const isSubmodule = kind !== '?' && line.charAt(5) === 'S'
    if (!isSubmodule && !path.endsWith('/')) found.push(path as PathBytes)
  }
  return found
}

function afterSpaces(line: string, count: number): string {
  let at = 0
  for (let seen = 0; seen < count; seen += 1) at = line.indexOf(' ', at) + 1
  return line.slice(at)
}

/** A tree object: mode, space, name, NUL, raw id; again and again. Names one byte per unit. */
export function treeEntries(bytes: Buffer, oidBytes: number): ReadonlyMap<string, TreeEntry> {
  const entries = new Map<string, TreeEntry>()
  let at = 0
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at)
    const end = bytes.indexOf(0, space)
    if (space < 0 || end < 0) break
    const oid = bytes.toString('hex', end + 1, end + 1 + oidBytes)
    entries.set(bytes.toString('latin1', space + 1, end), { mode: modeOf(bytes.toString('latin1', at, space)), oid })
    at = end + 1 + oidBytes
  }
  return entries
}

/** Old tools wrote 100664 and 40000 without a leading zero. */
function modeOf(text: string): FileMode {
  switch (text) {
    case '120000':
    case '160000':
      return text
    case '40000':
    case '040000':
      return '040000'
    default:
      return (Number.parseInt(text, 8) & 0o100) === 0 ? '100644' : '100755'
  }
}

/** `git config --list -z --show-origin`: origin NUL key LF value NUL; a key without LF stands for true. */
export function configEntries(output: Buffer): readonly { origin: string; key: string; value: string }[] {
  const parts = output.toString('utf8').split('\0')
  const entries: { origin: string; key: string; value: string }[] = []
  for (let at = 0; at + 1 < parts.length; at += 2) {
    const [origin = '', text = ''] = [parts[at], parts[at + 1]]
    const cut = text.indexOf('\n')
    entries.push({ origin, key: cut < 0 ? text : text.slice(0, cut), value: cut < 0 ? 'true' : text.slice(cut + 1) })
  }
  return entries
}

/**
 * The status of one ref in `git push --porcelain`: the flag and the words in brackets and parentheses.
 * null: the remote was never asked about it.
 */
export function pushStatus(output: string): { readonly flag: string; readonly summary: string } | null {
  const found = /^([ +\-*!=])\t[^\t]*\t(.*)$/m.exec(output)
  return found?.[1] === undefined ? null : { flag: found[1], summary: found[2] ?? '' }
}
