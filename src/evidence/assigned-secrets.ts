import { entropy, isSecretValue, type NameStrength, type Place } from './secret-values.ts'

export interface AssignedSecret {
  readonly kind: string
  /** Position in the text. */
  readonly at: number
}

/** Where a name may end that says that its value is a secret. Quick, since every text is searched for it. */
const hints = /pass|pwd|secret|token|credential|auth|salt|key/gi
/**
 * The last word of such a name, from a hint on. What follows may not go on as a name: `passwordField` and `token_type`
 * are none.
 */
const lastWord = new RegExp(
  '(?:pass(?:word|wd|phrase|wort|code)?|pwd|secret|token|credentials?|auth|salt|key)' +
    String.raw`(?:[_-]?(?:\d{1,2}|base|base64|value|text|plain))?(?![A-Za-z0-9_-])`,
  'iy',
)
/** What makes a key a secret one. */
const secretKeys = endsIn(
  'api access secret private auth master encryption signing account consumer client license storage app session',
  '|_$',
)
/** Of a page, a request, a retry: they open nothing. */
const passingTokens = endsIn(
  'next prev previous forward backward page pagination continuation request client update cancel abort idempotency ' +
    'start sync resume change',
)
/** Behind the name: what closes it, what assigns, and the value. Sticky: tried where a name ends. */
const quotedValue = /["'`\]]{0,2}\s{0,20}(?:=>|:=|==?|:)\s{0,20}[a-z]{0,2}(["'`])((?:\\.|(?!\1)[^\\\n]){1,600})\1/iy
/** `define('DB_PASSWORD', '…')`: the value is the next argument of a call that sets something. */
const nextArgument = /["']\s{0,20},\s{0,20}(["'])((?:\\.|(?!\1)[^\\\n]){1,600})\1/y
const settingCall = /\b(?:define|set\w{0,20}|putenv|config)\(\s{0,20}["'][\w.-]{0,60}$/i
const bareValue = /["']?[ \t]{0,20}(?:=|:)[ \t]{0,20}([^\s"'`][^\s"'`]{0,600})[ \t]*(?=$|[\r\n]|[ \t][#;])/my
const elementValue = /(?:\s[^<>]{0,200})?>([^<>\s]{1,600})<\//y

const kindOfStrength: Readonly<Record<NameStrength, string>> = {
  password: 'password',
  secret: 'secret value',
  weak: 'key or token',
}

/**
 * Literal secrets that are given to a name, and stored logins, by their form; whatever the file is called.
 * @param isWhole not a part of a larger text: a file may be a key and nothing else.
 */
export function foundAssigned(text: string, isWhole = true): readonly AssignedSecret[] {
  let isConfig: boolean | null = null
  const found: AssignedSecret[] = []
  for (const { index: at } of text.matchAll(hints)) {
    const word = matchAt(lastWord, text, at)?.[0]
    if (word === undefined || !isNameEnd(text, at, word)) continue
    const end = at + word.length
    const strength = strengthOf(word)
    isConfig ??= looksLikeSettings(text)
    const value = valueAt(text, end, at, isConfig)
    if (value === null || !isSecretValue(value.text, nameAround(text, at, end), strength, value.place)) continue
    found.push({ kind: kindOfStrength[strength], at })
  }
  return [...found, ...foundByForm(text), ...(isWhole ? loneKey(text) : [])]
}

/** `monkey` and `compass` end like a key and a pass; `apiKey`, `db_pass` and `DBPASSWORD` are names of secrets. */
function isNameEnd(text: string, at: number, word: string): boolean {
  const before = text.slice(Math.max(0, at - 12), at)
  if (/::\w*$|public[_-]?(?:key)?$/i.test(before)) return false
  if (/^key/i.test(word)) return secretKeys.test(before)
  if (/^token/i.test(word) && passingTokens.test(before)) return false
  if (/^pass(?:w|p|c)/i.test(word)) return true
  if (/^p/i.test(word) && /(?:db|user|ftp|smtp|mail|imap|root|admin|sql|http|proxy|ssh)$/i.test(before)) return true
  return !/[A-Za-z]$/.test(before) || (/[a-z]$/.test(before) && /^[A-Z]/.test(word))
}

function strengthOf(name: string): NameStrength {
  if (/^(?:pass|pwd|pw)/i.test(name)) return 'password'
  return /secret|credential/i.test(name) ? 'secret' : 'weak'
}

/** The whole name: `DB_PASSWORD` of `PASSWORD`. */
function nameAround(text: string, at: number, end: number): string {
  const before = /[\w.-]{0,60}$/.exec(text.slice(Math.max(0, at - 60), at))?.[0] ?? ''
  return before + text.slice(at, end)
}

function valueAt(
  text: string,
  end: number,
  at: number,
  isConfig: boolean,
): { readonly text: string; readonly place: Place } | null {
  const quoted = matchAt(quotedValue, text, end)
  if (quoted !== null) return { text: quoted[2] ?? '', place: isConfig ? 'config' : 'code' }
  const argument = matchAt(nextArgument, text, end)
  if (argument !== null && settingCall.test(text.slice(Math.max(0, at - settingsHeadMax), at))) {
    return { text: argument[2] ?? '', place: 'code' }
  }
  const element = matchAt(elementValue, text, end)
  if (element !== null) return { text: element[1] ?? '', place: 'config' }
  if (isConfig || isSettingsLine(text, at)) {
    const bare = matchAt(bareValue, text, end)
    if (bare !== null) return { text: bare[1] ?? '', place: isConfig ? 'config' : 'code' }
  }
  return null
}

function matchAt(pattern: RegExp, text: string, at: number): RegExpExecArray | null {
  pattern.lastIndex = at
  return pattern.exec(text)
}

/** Longer than any name with what may stand before it. */
const settingsHeadMax = 100

/** The line begins with the name, as in a shell profile: `export TOKEN=…`. */
function isSettingsLine(text: string, at: number): boolean {
  const head = text.slice(Math.max(0, at - settingsHeadMax), at)
  const line = head.slice(head.lastIndexOf('\n') + 1)
  return /^\s{0,20}(?:export\s+|set\s+)?["']?[\w.-]{0,60}$/.test(line)
}

const settingsLine = /^\s*(?:[#;[!]|\/\/|(?:export\s+|set\s+|-\s+)?["']?[\w.$/-]+["']?\s*(?:[=:]|\s)\s*\S*\s*$|<|$)/

const settingLengthMax = 1_000

/** Most of its first lines are settings, sections and remarks. */
function looksLikeSettings(text: string): boolean {
  const lines = text.slice(0, 8_000).split('\n').slice(0, 80)
  if (lines.some((line) => line.length > settingLengthMax)) return false
  if (
    lines.some((line) =>
      /^\s*(?:import|export (?:const|default|function)|function|class|def|return|package|#include)\b.*[;({:\w]$/.test(
        line,
      ),
    )
  )
    return false
  const filled = lines.filter((line) => line.trim() !== '')
  const settings = filled.filter((line) => settingsLine.test(line) && /[=:]|^\s*[[#;<]|^\S+\s+\S+$/.test(line))
  return filled.length > 0 && settings.length >= 0.8 * filled.length
}

interface Form {
  readonly kind: string
  readonly pattern: RegExp
}

const forms: readonly Form[] = [
  {
    kind: 'password hash',
    pattern: /\$(?:1|5|6|y|gy|7|apr1|2[abxy]?|argon2(?:id|i|d)|scrypt|P|H)\$[\w./+=$,]{20,}/g,
  },
  { kind: 'password hash', pattern: /\{S?SHA(?:256|512)?\}[A-Za-z0-9+/]{24,}=*/g },
  {
    kind: 'password hash',
    pattern: /^[a-z_][\w.-]{0,31}:(?!\/)(?=[./A-Za-z]*\d)(?=[./\da-z]*[A-Z])[./\dA-Za-z]{13}(?=:\d*:|\r?$)/gm,
  },
  { kind: 'stored login', pattern: /\bmachine\s+\S+\s+login\s+\S+\s+password\s+(?![<${%]|your)\S{4,}/gi },
  { kind: 'stored login', pattern: /^[\w.*-]+:(?:\d{2,5}|\*):[^:\s]+:[^:\s]+:(?![<$*])[^:\s]{4,}$/gm },
  {
    kind: 'login in a header',
    pattern: /\bauthorization["']?\s*[:=,]\s*["']?(?:basic|bearer)\s+(?![<$%{])[\w+/=.~-]{20,}/gi,
  },
  {
    kind: 'password in SQL',
    pattern:
      /\bidentified\s+(?:with\s+\w+\s+)?by\s+(?:password\s+)?'(?![<$%{?*:]|pass|your|secret|change)[^'\s]{5,}'/gi,
  },
]

function foundByForm(text: string): readonly AssignedSecret[] {
  const found = forms.flatMap(({ kind, pattern }) =>
    [...text.matchAll(pattern)].map(({ index }) => ({ kind, at: index })),
  )
  return [...found, ...encodedLogins(text), ...tableOfLogins(text)]
}

/** A file that is one drawn word and nothing else is a key; 40 and 64 digits are ids of git's and checksums. */
function loneKey(text: string): readonly AssignedSecret[] {
  if (text.length > 300) return []
  const word = text.trim()
  if (!/^[\w+/=-]{24,}$/.test(word) || !/\d/.test(word) || !/[a-z]/i.test(word)) return []
  const isHex = /^[\da-f]+$/i.test(word)
  if (isHex ? word.length !== 32 : entropy(word) < 4 || !/[a-z]/.test(word) || !/[A-Z]/.test(word)) return []
  return [{ kind: 'key', at: text.indexOf(word) }]
}

/** `"auth": "<base64 of user:password>"`, as container tools and package managers store it. */
function encodedLogins(text: string): readonly AssignedSecret[] {
  return [...text.matchAll(/\b_?auth["']?\s*[:=]\s*["']?([A-Za-z0-9+/]{8,600}={0,2})(?![\w+/])/g)].flatMap((match) => {
    const decoded = Buffer.from(match[1] ?? '', 'base64').toString('latin1')
    return /^[\x21-\x7e]{1,200}:[\x20-\x7e]{4,400}$/.test(decoded) ? [{ kind: 'stored login', at: match.index }] : []
  })
}

const userRow = new RegExp(
  String.raw`\binsert\s+into\s+\S*(?:user|account|member|login|customer|admin)\S*[^;]{0,4000}?` +
    String.raw`'(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{64})'`,
  'gi',
)

/** Rows of a dump of users, with a digest in them. */
function tableOfLogins(text: string): readonly AssignedSecret[] {
  if (!/\binsert\s+into\b/i.test(text) || !/pass(?:word|wd)?\b|pwd\b/i.test(text)) return []
  return [...text.matchAll(userRow)].map(({ index }) => ({ kind: 'password hash', at: index }))
}

/** @param or more of the pattern. */
function endsIn(words: string, or = ''): RegExp {
  return new RegExp(`(?:${words.replaceAll(' ', '|')})[_-]?$${or}`, 'i')
}
