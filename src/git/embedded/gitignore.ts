/** One byte of a name as it stands, or one of a class; null: `*`, any number of them. */
type Atom = string | RegExp | null

/** What one name of a path is to be; `**`: any number of names. */
type Part = readonly Atom[] | '**'

/** One line of an ignore file (gitignore(5)). Names and patterns are one byte per unit. */
export interface IgnoreRule {
  /** Directory of the file it stands in, '' or ending with '/'. */
  readonly base: string
  readonly isNegated: boolean
  readonly directoriesOnly: boolean
  /** Matched against the name alone, not the path below `base`. */
  readonly byName: boolean
  readonly pattern: readonly Part[]
}

/** @param text of the file, one byte per unit */
export function parseIgnore(text: string, base: string): readonly IgnoreRule[] {
  return text
    .replace(/^\xef\xbb\xbf/, '')
    .split('\n')
    .flatMap((line) => ruleOf(line, base) ?? [])
}

function ruleOf(line: string, base: string): IgnoreRule | null {
  // A carriage return at the end goes with the blanks, but for blanks that a backslash keeps.
  let text = trimmed(line)
  if (text === '' || text.startsWith('#')) return null
  const isNegated = text.startsWith('!')
  if (isNegated) text = text.slice(1)
  const directoriesOnly = text.endsWith('/')
  if (directoriesOnly) text = text.slice(0, -1)
  const byName = !text.includes('/')
  if (text.startsWith('/')) text = text.slice(1)
  const pattern = partsOf(text, byName)
  return text === '' || pattern === null ? null : { base, isNegated, directoriesOnly, byName, pattern }
}

function trimmed(line: string): string {
  const plain = line.endsWith('\r') ? line.slice(0, -1) : line
  const found = /^((?:[^\\]|\\.)*?)( *)$/s.exec(plain)
  return found?.[1] ?? plain
}

/** wildmatch as git calls it for ignore rules: `*` and `?` stop at '/', `**` does not. null: it matches nothing. */
function partsOf(glob: string, byName: boolean): readonly Part[] | null {
  const parts: Part[] = []
  let atoms: Atom[] = []
  let at = 0
  while (at < glob.length) {
    const rest = glob.slice(at)
    const stars = /^\*+/.exec(rest)?.[0].length ?? 0
    const isWholeName = atoms.length === 0 && /^(?:\/|$)/.test(rest.slice(stars))
    if (stars >= 2 && isWholeName && !byName) {
      parts.push('**')
      // At the end it stands for what is below, never for the directory itself.
      if (stars === rest.length) return [...parts, [null]]
      at += stars + 1
    } else if (stars > 0) {
      atoms.push(null)
      at += stars
    } else {
      const found = atomOf(rest)
      if (found === null) return null
      if (found.atom === '/') {
        parts.push(atoms)
        atoms = []
      } else atoms.push(found.atom)
      at += found.length
    }
  }
  return [...parts, atoms]
}

function atomOf(rest: string): { readonly atom: string | RegExp; readonly length: number } | null {
  if (rest.startsWith('?')) return { atom: /./s, length: 1 }
  if (rest.startsWith('[')) return classOf(rest)
  const found = charAt(rest, 0)
  // A backslash at the very end makes the pattern invalid.
  return found === null ? null : { atom: found.char, length: found.end }
}

const classes: Readonly<Record<string, string>> = {
  alnum: 'A-Za-z0-9',
  alpha: 'A-Za-z',
  blank: String.raw` \t`,
  cntrl: String.raw`\x00-\x1f\x7f`,
  digit: '0-9',
  graph: '!-~',
  lower: 'a-z',
  print: ' -~',
  punct: String.raw`!-\/:-@\[-${'`'}{-~`,
  space: String.raw` \t\n\v\f\r`,
  upper: 'A-Z',
  xdigit: 'A-Fa-f0-9',
}

function classOf(rest: string): { readonly atom: RegExp; readonly length: number } | null {
  let at = 1
  const isNegated = /[!^]/.test(rest.charAt(at))
  if (isNegated) at += 1
  let inside = ''
  for (let isFirst = true; ; isFirst = false) {
    const char = rest.charAt(at)
    if (char === '') return null
    if (char === ']' && !isFirst) break
    const named = /^\[:([a-z]+):\]/.exec(rest.slice(at))
    if (named !== null) {
      const set = classes[named[1] ?? '']
      if (set === undefined) return null
      inside += set
      at += named[0].length
      continue
    }
    const low = charAt(rest, at)
    if (low === null) return null
    at = low.end
    if (rest.charAt(at) === '-' && rest.charAt(at + 1) !== ']' && rest.charAt(at + 1) !== '') {
      const high = charAt(rest, at + 1)
      if (high === null) return null
      at = high.end
      // Of one that runs backwards git has seen the beginning already, as a letter of its own.
      inside += low.char <= high.char ? `${literal(low.char)}-${literal(high.char)}` : literal(low.char)
      continue
    }
    inside += literal(low.char)
  }
  return { atom: new RegExp(`[${isNegated ? '^' : ''}${inside}]`), length: at + 1 }
}

function charAt(text: string, at: number): { readonly char: string; readonly end: number } | null {
  const isEscaped = text.charAt(at) === '\\'
  const char = text.charAt(at + (isEscaped ? 1 : 0))
  return char === '' ? null : { char, end: at + (isEscaped ? 2 : 1) }
}

function literal(char: string): string {
  return /[A-Za-z0-9_ ]/.test(char) ? char : `\\x${(char.codePointAt(0) ?? 0).toString(16).padStart(2, '0')}`
}

/**
 * Whether the rules, the weakest first, exclude a path by itself. null: none says anything.
 */
export function verdictOf(rules: readonly IgnoreRule[], path: string, isDirectory: boolean): boolean | null {
  const names = path.split('/')
  const found = rules.findLast((rule) => fits(rule, path, names, isDirectory))
  return found === undefined ? null : !found.isNegated
}

function fits(rule: IgnoreRule, path: string, names: readonly string[], isDirectory: boolean): boolean {
  if (rule.directoriesOnly && !isDirectory) return false
  if (!path.startsWith(rule.base)) return false
  const first = rule.byName ? names.length - 1 : rule.base.split('/').length - 1
  return covers(rule.pattern, names.length - first, '**', (part, at) => fitsName(part, names[first + at] ?? ''))
}

function fitsName(part: Part, name: string): boolean {
  if (part === '**') return false
  return covers(part, name.length, null, (atom, at) => {
    const char = name.charAt(at)
    return atom instanceof RegExp ? atom.test(char) : atom === char
  })
}

/**
 * Whether the parts of a pattern, one after the other, are all of a text. Only the last star that was passed takes one
 * more when something does not fit: whatever an earlier one could take instead, the last one can. A matcher that tries
 * them all stands still for minutes at a line of eight stars, and a line may come from the remote.
 */
function covers<T>(parts: readonly T[], length: number, star: T, fitsAt: (part: T, at: number) => boolean): boolean {
  let [next, at] = [0, 0]
  let passed: { readonly next: number; readonly at: number } | null = null
  while (at < length || next < parts.length) {
    const part = parts[next]
    if (part === star) {
      next += 1
      passed = { next, at }
    } else if (part !== undefined && at < length && fitsAt(part, at)) {
      next += 1
      at += 1
    } else {
      if (passed === null || passed.at >= length) return false
      at = passed.at + 1
      next = passed.next
      passed = { next, at }
    }
  }
  return true
}
