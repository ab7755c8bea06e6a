import { isOwnedPass, secretNames, type SecretName } from './secret-names.ts'
import { isDrawn, isSecretValue, type NameStrength, type Place } from './secret-values.ts'
import { looksLikeSettings } from './settings-text.ts'
import { shownIn } from './shown-values.ts'
import { valueAt } from './value-forms.ts'

export interface FoundSecret {
  readonly kind: string
  /** Position in the text. */
  readonly at: number
}

const kindOfStrength: Readonly<Record<NameStrength, string>> = {
  password: 'password',
  secret: 'secret value',
  weak: 'key or token',
}

/** Literals that are given to a name of a secret, in whatever language; whatever the file is called. */
export function foundAssigned(text: string): readonly FoundSecret[] {
  let isConfig: boolean | null = null
  const sealedMin = sealed.test(text) ? sealedLength : Infinity
  const isShown = shownIn(text)
  const found: FoundSecret[] = []
  for (const name of secretNames(text)) {
    isConfig ??= looksLikeSettings(text)
    const given = valueOf(text, name, isConfig)
    if (given === null || given.value.length >= sealedMin) continue
    if (!isSecretValue(fallbackOf(given.value), name.text, name.strength, given.place)) continue
    if (isMadeUp.test(name.text) || isShown(name.at)) continue
    found.push({ kind: kindOfStrength[name.strength], at: name.at })
  }
  return found
}

/** Said by the name itself. */
const isMadeUp = /dummy|fake|mock|bogus|placeholder|sample|example/i

/** What a cluster alone can open. */
const sealed = /^\s{0,20}kind:\s{0,4}SealedSecret/m
const sealedLength = 100

interface Given {
  readonly value: string
  readonly place: Place
}

/** A name, and what its line has before it. */
interface Spot extends SecretName {
  /** Up to the name, over the lines before it. */
  readonly head: string
  readonly line: string
  readonly isConfig: boolean
}

/** Longer than any name with what may stand before it. */
const headMax = 160

function valueOf(text: string, name: SecretName, isConfig: boolean): Given | null {
  const head = text.slice(Math.max(0, name.at - headMax), name.at)
  // Its own value is the one of the name that is given it.
  if (/\$\{[\w.-]{0,60}$/.test(head)) return null
  const spot: Spot = { ...name, head, line: head.slice(head.lastIndexOf('\n') + 1), isConfig }
  return quotedOf(text, spot) ?? markedOf(text, spot) ?? bareOf(text, spot) ?? inlineOf(text, spot)
}

const isCalled = /(?:[.>]|set|with|use)_?\w{0,30}$/i
/** What these are called with says which one. */
const isAsked = /\b(?:get|find|read|load|fetch|has|need|require|request|select|remove|delete|test)_?\w{0,30}$/i
const definers =
  'define|set\\w{0,20}|put\\w{0,20}|add\\w{0,20}|append|config|\\w{0,20}header|\\w{0,20}property|with\\w{0,20}'
const settingCall = new RegExp(
  String.raw`\b(?:${definers}|option|env|environ\w{0,5}(?:\.get)?|getenv|get|fetch)\(\s{0,20}["'][\w.-]{0,60}$`,
  'i',
)

/** `define('DB_PASSWORD', '…')`, `setPassword('…')`: as good as an assignment. */
const isDefined = /\b(?:define|set_?property|(?:set|put)_?env)\(\s{0,20}["'][\w.-]{0,60}$/i
const isSet = /\bset\w{0,30}$/i

const settingConstant = /\b\w{0,30}(?:set|put|add|define|opt)\w{0,20}\((?:[\s\w$>.:-]{0,60},)?\s{0,20}[\w.:]{0,60}$/
/** `… ? 'newPassword' : '…'`: the other one is no value of it. */
const isEither = /\?\s{0,4}["'`][\w.-]{0,60}$/
const isHeader = /["'`][\w-]{0,40}$/

/** Between quotes, behind what assigns or as an argument. */
function quotedOf(text: string, spot: Spot): Given | null {
  const { end, head, line, isConfig } = spot
  const assigned = isEither.test(line) ? null : valueAt('quotedValue', text, end)
  const quoted = assigned ?? valueAt('fallbackValue', text, end)
  if (quoted !== null) return { value: quoted, place: isConfig ? 'config' : placeInCode(text, spot) }
  const argument = settingCall.test(head) ? valueAt('nextArgument', text, end) : null
  const keyword = /:[\w.-]{0,60}$/.test(line) ? valueAt('keywordLiteral', text, end) : null
  const constant = valueAt('constantArgument', text, end)
  const called =
    argument ??
    keyword ??
    (constant !== null && settingConstant.test(head) ? constant : null) ??
    (isHeader.test(line) ? valueAt('headerValue', text, end) : null) ??
    valueAt('escapedValue', text, end) ??
    (isCalled.test(line) && !isAsked.test(line) ? valueAt('callValue', text, end) : null)
  if (called === null) return null
  return { value: called, place: isDefined.test(head) || isSet.test(line) ? placeInCode(text, spot) : 'literal' }
}

const isMember = /\[\s{0,4}["'`]\w{0,30}$/
const isOfLogin = /\b(?:db_?|smtp_?|mail_?)?user\w{0,20}["'`]?\]?\s{0,20}(?:=>|[:=])/i

/** What is compared with a password, or passed to something of that name, is a word far more often. */
function placeInCode(text: string, { end, head, line, text: name, strength }: Spot): Place {
  const behind = text.slice(end, end + 60)
  if (strength !== 'password' || /^["'`]?\]?\s{0,20}==/.test(behind)) return 'literal'
  if (!/passw|pwd/i.test(name) && !isOwnedPass(name) && !isMember.test(line) && !isOfLogin.test(head)) return 'literal'
  return /^["'`]?\s{0,20}(?:=>|:)\s{0,20}["'`]/.test(behind) ? 'member' : 'variable'
}

const keySign = /(?:^|[\s<{,[;:"'-])(?:name|key|id|variable|ParameterKey)["']?\s{0,4}[:=]?\s{0,4}["']?[\w.:-]{0,60}$/i

/** In an element, an attribute or a member of its own. */
function markedOf(text: string, { end, head, line }: Spot): Given | null {
  const element = /<[\w:.-]*$/.test(line) ? valueAt('elementValue', text, end) : null
  if (element !== null) return { value: unescaped(element), place: 'config' }
  if (!keySign.test(head) && !/<(?:name|key)>[\w.]*$/i.test(line)) return null
  const paired = valueAt('pairedValue', text, end) ?? valueAt('pairedElement', text, end)
  return paired === null ? null : { value: unescaped(paired), place: 'config' }
}

const entities: ReadonlyMap<string, string> = new Map([
  ['&lt;', '<'],
  ['&gt;', '>'],
  ['&amp;', '&'],
])

/** As XML has it to write signs of its own. */
function unescaped(value: string): string {
  return value.replace(/&(?:lt|gt|amp);/g, (entity) => entities.get(entity) ?? entity)
}

/** The line begins with the name, as in a shell profile (`export TOKEN=…`), a list or a note. */
const setters =
  'export|define|set(?:\\s-\\w{1,3})?|setenv|env|arg|readonly|local|declare|fastcgi_param|Environment=|' +
  '\\((?:setq|defvar|defconst)'
const settingHead = new RegExp(
  `^[\\s>*#;/+]{0,20}(?:-\\s{1,4})?(?:(?:${setters})\\s{0,4})?[$@]?["'\`]?(?:\\*\\*)?[\\w.-]{0,60}$`,
  'i',
)
const directive = /^\s{0,20}(?:ENV|ARG|SetEnv|setenv|fastcgi_param|set\s-\w{1,3})\s|^\s{0,20}(?:require|bind|root)$/

/** The rest of the line. */
function bareOf(text: string, spot: Spot): Given | null {
  const { end, line, strength, isConfig } = spot
  const isFirst = settingHead.test(line)
  const bare = isConfig || isFirst ? valueAt('bareValue', text, end) : null
  if (bare?.startsWith('#') === true) return null
  // In code what ends like a statement is an expression.
  if (bare !== null && !isConfig && /[;,]$/.test(bare)) return null
  if (bare !== null) return { value: bare, place: isConfig ? 'config' : placeInShell(text, spot) }
  if (!isFirst) return toldOf(text, end, line, strength)
  const literal = valueAt('spacedLiteral', text, end)
  if (literal !== null) return { value: literal, place: /\bdefine\s/.test(line) ? 'variable' : 'config' }
  const isSpaced = directive.test(line) || (isConfig && strength === 'password')
  const spaced = isSpaced ? valueAt('spacedValue', text, end) : null
  return spaced === null ? null : { value: spaced, place: /[\d!@#$%^&*]/.test(spaced) ? 'config' : 'code' }
}

const declared = /^\s{0,20}(?:export|local|declare|typeset|readonly|set)\s{1,4}(?:-\w{1,3}\s{1,4})?\w{0,60}$/i

/** Behind `=` without a blank stands a literal in a shell, never an expression; the environment holds settings. */
function placeInShell(text: string, { end, line, text: name }: Spot): Place {
  if (!/^=[^\s=]/.test(text.slice(end, end + 2))) return 'code'
  if (/^[A-Z][A-Z\d_]*$/.test(name)) return 'config'
  return declared.test(line) ? 'variable' : 'code'
}

/** Behind some words, in a note or a remark. */
const isTold = /^[\s>*#;/+-]{0,20}(?:[\w'.()-]{1,20} ){1,5}$|(?:^|\s)(?:#|\/\/|--|;|\/\*)\s?(?:[\w'.-]{1,20} ){0,4}$/

/** In code a type stands there far more often. */
function toldOf(text: string, end: number, line: string, strength: NameStrength): Given | null {
  const value = valueAt('bareValue', text, end)
  if (value === null || /[;,]$|^[A-Z]\w*[A-Za-z][!?]?$/.test(value)) return null
  const isMixed = strength === 'password' && /\d/.test(value) && /[!@#$%^&*+=~]|\d\d$/.test(value)
  return (isMixed || isDrawn(value)) && isTold.test(line) ? { value, place: 'code' } : null
}

/** Of a string that says where to connect, and as whom: `Server=…;Password=…`, `jdbc:…?user=…&password=…`. */
const connection =
  /(?:jdbc:|:\/\/|\b(?:server|data source|host|user|uid|user id|database)\s?=)[^\s]{0,150}(?:[;?&]|&amp;)[\w.-]*$/i

/** `username=…,password=…`: options of a file system. */
const isMounted = /\buser(?:name)?=[^\s,]{1,60},(?:[\w=.-]{1,60},){0,3}$/

/** `{HOME=…, TOKEN=…}`: an environment as programs print it. */
const isListed = /[A-Z]=[^\s,]{0,60}, ?[\w.-]*$/

/** `PGPASSWORD=… psql`: the environment of one command. */
const isOfCommand = /^\s{0,20}(?:\$ )?(?:[A-Z][A-Z\d_]{0,60}=[^\s=]{0,200} {1,4}){0,5}[A-Z\d_]{0,60}$/

/** A picture that shows how a project does: what its address holds lets nobody in. */
const badge = /badge|\.svg\?/i

/** In the middle of a line. */
function inlineOf(text: string, { end, line, text: name, isConfig }: Spot): Given | null {
  const isFlag = /(?:^|\s)--?[\w-]*$/.test(line)
  const flag = isFlag ? valueAt('flagValue', text, end) : null
  if (flag !== null) return { value: flag, place: 'code' }
  const option = valueAt('optionValue', text, end)
  if (option !== null && isMounted.test(line)) return { value: option, place: 'config' }
  if (option !== null && isListed.test(line) && /^[A-Z][A-Z_\d]*$/.test(name)) return { value: option, place: 'code' }
  if (!isFlag && !/(?:^|[\s"'?&;-])[\w.-]*$/.test(line)) return null
  const isConnection = connection.test(line)
  const inline = valueAt(isConnection && /;[\w. -]{0,60}$/.test(line) ? 'connectionValue' : 'inlineValue', text, end)
  if (inline === null || badge.test(line)) return null
  const isSetting = isConnection || (/^[A-Z_\d]+$/.test(name) && (isConfig || isOfCommand.test(line)))
  return { value: inline, place: isSetting ? 'config' : 'code' }
}

/** `${env:NAME}` looks another name up; `${db.password:…}` says what it is where nothing is set. */
const springs = String.raw`(?=[\w.-]{0,60}(?:pass|pwd|pw|secret|token|key))\w+[._-][\w.-]*:`
const fallback = new RegExp(String.raw`^\$\{(?:\w+:?[-=]|${springs})(.*)\}$`, 'i')

/** `${NAME:-value}` of a shell, `${db.password:value}` of Spring: the value counts where nothing is set. */
function fallbackOf(value: string): string {
  return fallback.exec(value)?.[1] ?? value
}
