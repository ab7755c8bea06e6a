import type { Form } from './forms.ts'
import { isDrawn, isSecretValue, type Place } from './secret-values.ts'
import { isSpoken } from './spoken-letters.ts'
import { looksDrawn } from './vendor-tokens.ts'

const isPassword =
  (place: Place) =>
  (value: string): boolean =>
    isSecretValue(value, 'password', 'password', place)
const isToken = (value: string): boolean => isSecretValue(value, 'token', 'weak', 'code')

const flag = '--?(?:[a-z]{1,20}-)?(?:password|passwd|requirepass|auth-pass)'
const tokenFlag = '--?(?:[a-z]{1,20}-){0,2}(?:token|api-?key|secret)'
const clients = 'mysql|mysqldump|mysqladmin|mysqlimport|mariadb|mariadb-dump|mongodump|mongorestore'

/** A list in JSON or code, and one in YAML, in which the value is the next element. */
function listed(names: string): RegExp {
  const inCode = String.raw`["']${names}["']\s{0,4},\s{0,40}["']`
  const below = String.raw`^[ \t]{0,40}-[ \t]{1,4}["']?${names}["']?\r?\n[ \t]{0,40}-[ \t]{1,4}["']?`
  return new RegExp(String.raw`(?:${inCode}|${below})([^"'\s]{5,300})(?=["'\s]|$)`, 'gim')
}

const haproxyUser = String.raw`user[ \t]{1,4}\S{1,60}[ \t]{1,4}insecure-password[ \t]{1,4}`
const composerHosts = String.raw`"(?:github-oauth|gitlab-(?:token|oauth))"\s{0,4}:\s{0,4}\{\s{0,20}`
const parameterHead = String.raw`(?:variable[ \t]{1,4}")?\w{0,40}password(?:":?|:)?[ \t]{0,4}\{?[ \t]{0,4}\r?\n`
const parameterFacts = String.raw`(?:[ \t]{1,40}(?!default)\w{1,40}[ \t]{0,20}[:=][^\n]{0,300}\n){0,6}`
const parameterDefault = String.raw`[ \t]{1,40}default[ \t]{0,20}[:=][ \t]{0,4}["']?`
const toldAs = String.raw`\b(?:pass(?:word|phrase|code)?|pw|pwd|kennwort)[ \t]{1,4}(?:is|was|ist)(?::|[ \t])[ \t]{0,4}`

/** Places that no name with an assignment marks, in settings of servers, lists of arguments and notes. */
export const placeForms: readonly Form[] = [
  { kind: 'password', needs: ['pass'], pattern: listed(flag), holds: isPassword('literal') },
  { kind: 'key or token', needs: ['token', 'key', 'secret'], pattern: listed(tokenFlag), holds: isToken },
  {
    kind: 'password',
    needs: ['--password='],
    pattern: new RegExp(String.raw`\b(?:${clients})\b[^\n|;]{0,200}?\s--password=["']?([^\s"'|;<>]{5,200})`, 'g'),
    holds: isPassword('variable'),
  },
  {
    kind: 'password in a database address',
    needs: ['@tcp(', '@unix('],
    pattern: /(?<![\w.-])[\w.-]{1,60}:([^\s"'`@]{3,100})@(?:tcp|unix)\(/g,
    holds: isPassword('config'),
  },
  {
    kind: 'password in a database address',
    needs: ['jdbc:oracle'],
    pattern: /\bjdbc:oracle:\w{1,10}:[\w.$]{1,60}\/([^\s"'@/]{3,100})@/g,
    holds: isPassword('config'),
  },
  {
    kind: 'token in an address',
    needs: ['://'],
    // What is of base 16 alone is a project's name at a service that counts errors.
    pattern: /\bhttps?:\/\/(?![\da-f]{1,100}@)([A-Za-z0-9]{30,100})@[\w-]{1,60}\./g,
    holds: (value) => isDrawn(value) && looksDrawn(value),
  },
  {
    kind: 'password',
    needs: ['pass'],
    // As Google shows the passwords that it draws for programs.
    pattern: /\bpass(?:word|wd)?["']?\s{0,4}[:=]\s{0,4}["']?([a-z]{4}(?: [a-z]{4}){3})(?![ \w])/gi,
    holds: (value) => !isSpoken(value.replaceAll(' ', '')),
  },
  {
    kind: 'password',
    needs: ['stats auth', 'insecure-password'],
    pattern: new RegExp(String.raw`^[ \t]{0,20}(?:stats auth[ \t]{1,4}[^\s:]{1,60}:|${haproxyUser})(\S{4,200})`, 'gm'),
    holds: isPassword('config'),
  },
  {
    kind: 'password hash',
    needs: ['" "md5', '" "scram-'],
    pattern: /^"[^"\n]{1,60}" "(md5[\da-f]{32}|SCRAM-SHA-256\$[^"\s]{40,300})"/gm,
  },
  {
    kind: 'password',
    needs: ['password>'],
    pattern: /<\w{0,30}Password>\s{0,40}<Value>([^<\s]{4,300})<\/Value>/gi,
    holds: isPassword('config'),
  },
  {
    kind: 'password',
    needs: ['default:', 'default ='],
    // A parameter of a stack, a variable of a plan: what it is comes first.
    pattern: new RegExp(`^[ \\t]{0,20}${parameterHead}${parameterFacts}${parameterDefault}([^\\s"'#]{5,200})`, 'gim'),
    holds: isPassword('config'),
  },
  {
    kind: 'stored login',
    needs: ['github-oauth', 'gitlab-token', 'gitlab-oauth'],
    pattern: new RegExp(String.raw`${composerHosts}"[^"\n]{1,100}"\s{0,4}:\s{0,4}"([\w.-]{20,200})"`, 'g'),
    holds: looksDrawn,
  },
  { kind: 'Mailgun key', needs: ['-'], pattern: /\b[\da-f]{32}-[\da-f]{8}-[\da-f]{8}\b/g, holds: looksDrawn },
  {
    kind: 'password',
    needs: ['pass', 'pw', 'kennwort'],
    // Told to people, without quotes.
    pattern: new RegExp(String.raw`${toldAs}["'\`]?([^\s"'\`]{6,100}?)["'\`]?[.,;]?(?=\s|$)`, 'gi'),
    holds: (value) => /\d/.test(value) && isPassword('code')(value),
  },
]
