/** One line of an ignore file (gitignore(5)). Names and patterns are one byte per unit. */
export interface IgnoreRule {
  /** Directory of the file it stands in, '' or ending with '/'. */
  readonly base: string
  readonly isNegated: boolean
  readonly directoriesOnly: boolean
  /** Matched against the name alone, not the path below `base`. */
  readonly byName: boolean
  readonly pattern: RegExp
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
  const source = regexOf(text, byName)
  if (text === '' || source === null) return null
  return { base, isNegated, directoriesOnly, byName, pattern: new RegExp(`^(?:${source})$`, 's') }
}

function trimmed(line: string): string {
  const plain = line.endsWith('\r') ? line.slice(0, -1) : line
  const found = /^((?:[^\\]|\\.)*?)( *)$/s.exec(plain)
  return found?.[1] ?? plain
}

/** wildmatch as git calls it for ignore rules: `*` and `?` stop at '/', `**` does not. null: it matches nothing. */
function regexOf(glob: string, byName: boolean): string | null {
  let source = ''
  let at = 0
  while (at < glob.length) {
    const rest = glob.slice(at)
    const stars = /^\*+/.exec(rest)?.[0] ?? ''
    if (stars !== '') {
      const part = starsOf(glob, at, stars.length, byName)
      source += part.source
      at += part.length
    } else if (rest.startsWith('?')) {
      source += '[^/]'
      at += 1
    } else if (rest.startsWith('[')) {
      const part = classOf(rest)
      if (part === null) return null
      source += part.source
      at += part.length
    } else {
      const isEscaped = rest.startsWith('\\')
      const char = rest.charAt(isEscaped ? 1 : 0)
      // A backslash at the very end makes the pattern invalid.
      if (char === '') return null
      source += literal(char)
      at += isEscaped ? 2 : 1
    }
  }
  return source
}

/** Two or more stars are special only as a whole segment. */
function starsOf(
  glob: string,
  at: number,
  count: number,
  byName: boolean,
): { readonly source: string; readonly length: number } {
  const [before, after] = [glob.charAt(at - 1), glob.charAt(at + count)]
  const isSegment = count >= 2 && !byName && (at === 0 || before === '/') && (after === '' || after === '/')
  if (!isSegment) return { source: '[^/]*', length: count }
  if (after === '') return { source: '.*', length: count }
  return { source: '(?:.*/)?', length: count + 1 }
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

function classOf(rest: string): { readonly source: string; readonly length: number } | null {
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
      if (low.char <= high.char) inside += `${literal(low.char)}-${literal(high.char)}`
      continue
    }
    inside += literal(low.char)
  }
  // A class never matches a '/'.
  const set = isNegated ? `[^/${inside}]` : inside === '' ? '(?!)' : `(?!/)[${inside}]`
  return { source: set, length: at + 1 }
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
  const found = rules.findLast((rule) => fits(rule, path, isDirectory))
  return found === undefined ? null : !found.isNegated
}

function fits({ base, directoriesOnly, byName, pattern }: IgnoreRule, path: string, isDirectory: boolean): boolean {
  if (directoriesOnly && !isDirectory) return false
  if (!path.startsWith(base)) return false
  return pattern.test(byName ? path.slice(path.lastIndexOf('/') + 1) : path.slice(base.length))
}
