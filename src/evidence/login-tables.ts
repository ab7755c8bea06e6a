import type { FoundSecret } from './assigned-secrets.ts'
import { isSecretValue } from './secret-values.ts'

/** Rows looked at below one heading: a table that has none in its first ones is none of logins. */
const rowsMax = 50
const columnsMax = 60
/** Of the same kind, in one window. */
const statementsMax = 10
/** A longer statement is cut: what it inserts is seen by its first rows. */
const statementMax = 8_000

const passwordColumn =
  /^[`"'[]?(?:\w*_)?(?:(?:user)?pass(?:word|wd|phrase|code)?|pwd|kennwort)(?:_?(?:hash|digest|md5))?[`"'\]]?$/i
const camelColumn = /[a-z](?:Password|Passwd|PasswordHash|Pwd)$/

/** Columns of passwords, in dumps of databases and in what browsers and password managers export. */
export function foundInTables(text: string): readonly FoundSecret[] {
  return [...inserted(text), ...copied(text), ...separated(text), ...clusterSecrets(text)]
}

function columnOf(names: readonly string[]): number {
  if (names.length < 2 || names.length > columnsMax) return -1
  return names.map((name) => name.trim()).findIndex((name) => passwordColumn.test(name) || camelColumn.test(name))
}

/** A digest of a password is as good as one: it can be guessed at leisure. */
function isKept(value: string | undefined): boolean {
  if (value === undefined) return false
  return /^[\da-f]{32,128}$/i.test(value) || isSecretValue(value, 'password', 'password', 'config')
}

const insert =
  /\binsert\s{1,4}(?:ignore\s{1,4})?into\s{1,4}(\S{1,100})\s{0,4}(?:\(([^()]{1,2000})\))?\s{0,20}values\s{0,20}/gi
const accounts = /user|account|member|login|customer|admin|people|person|player|client/i

function inserted(text: string): readonly FoundSecret[] {
  return [...text.matchAll(insert)].slice(0, statementsMax).flatMap((match) => {
    const [whole, table = '', columns] = match
    const begin = match.index + whole.length
    const rows = rowsOf(text.slice(begin, begin + statementMax))
    const column = columns === undefined ? -1 : columnOf(columns.split(','))
    const isLogin =
      column >= 0
        ? rows.some((row) => isKept(row[column]))
        : columns === undefined &&
          accounts.test(table) &&
          rows.some((row) => row.some((value) => /^[\da-f]{32,64}$/i.test(value)))
    return isLogin ? [{ kind: 'password in a database', at: match.index }] : []
  })
}

/** `(1, 'a', 'it''s'), (2, …)`: strings without their quotes, the rest as it stands. */
function rowsOf(text: string): readonly (readonly string[])[] {
  const rows: string[][] = []
  let row: string[] | null = null
  for (const { 0: token } of text.matchAll(/'((?:[^'\\\n]|\\.|''){0,2000})'|[(),;]|[^\s'(),;]{1,200}/g)) {
    if (token === '(' && row === null) row = ['']
    else if (row === null) {
      if (token === ';' || rows.length >= rowsMax) break
    } else if (token === ')') {
      rows.push(row)
      row = null
    } else if (token === ',') row.push('')
    else row[row.length - 1] = token.startsWith("'") ? token.slice(1, -1) : `${row.at(-1) ?? ''}${token}`
  }
  return rows
}

/** PostgreSQL's own form of a dump: columns, then lines with tabs. */
function copied(text: string): readonly FoundSecret[] {
  return [
    ...text.matchAll(/^copy\s{1,4}\S{1,100}\s{0,4}\(([^()\n]{1,2000})\)\s{1,4}from\s{1,4}stdin;\r?\n/gim),
  ].flatMap((match) => {
    const column = columnOf((match[1] ?? '').split(','))
    const rows = text.slice(match.index + match[0].length, match.index + statementMax).split(/\r?\n/, rowsMax)
    const isLogin = column >= 0 && rows.some((row) => isKept(row.split('\t')[column]))
    return isLogin ? [{ kind: 'password in a database', at: match.index }] : []
  })
}

/** Below the heading of a table in a page. */
const rule = /^\s{0,3}\|?(?:[ \t]{0,4}:?-{2,100}:?[ \t]{0,100}(?:\||\r?$)){2,60}/

/** A table of text with a heading of its own; in a page for people it stands somewhere below other lines. */
function separated(text: string): readonly FoundSecret[] {
  const lines = text.slice(0, statementMax).split('\n', rowsMax)
  const drawnAt = lines.findIndex((line, at) => rule.test(lines[at + 1] ?? '') && columnOf(line.split('|')) >= 0)
  const [heading = '', ...rows] = lines.slice(Math.max(0, drawnAt))
  if (!/pass|pwd|kennwort/i.test(heading)) return []
  const separator = [',', ';', '\t', '|'].find((one) => heading.split(one).length >= 2)
  if (separator === undefined) return []
  const cells = (line: string): string[] => line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, '$1'))
  const names = cells(heading)
  const column = columnOf(names)
  if (column < 0) return []
  const filled = rows.map(cells).filter((row) => row.length === names.length)
  const [first] = filled.filter((row) => isKept(row[column]))
  return first === undefined ? [] : [{ kind: 'table of logins', at: text.indexOf(heading) + heading.length + 1 }]
}

const clusterKind = /^[ \t{-]{0,20}["']?kind["']?:\s{0,4}["']?Secret["']?,?\s{0,4}$|"kind"\s{0,4}:\s{0,4}"Secret"/m
const yamlBlock = /^(data|stringData):[ \t]{0,4}\r?\n((?:[ \t]{1,20}\S[^\n]{0,20000}\n?|[ \t\r]{0,20}\n){1,200})/gm
const jsonBlock = /"(data|stringData)"\s{0,4}:\s{0,4}\{([^{}]{1,60000})\}/g
const yamlMember = /^[ \t]{1,20}["']?([\w.-]{1,253})["']?:[ \t]{1,4}["']?([^\s"'#]{1,20000})/gm
const jsonMember = /"([\w.-]{1,253})"\s{0,4}:\s{0,4}"([^\s"]{1,20000})"/g

/** A Kubernetes secret: what its data hold is only encoded. */
function clusterSecrets(text: string): readonly FoundSecret[] {
  if (!clusterKind.test(text)) return []
  return [
    ...[...text.matchAll(yamlBlock)].flatMap((block) => clusterValues(block, yamlMember)),
    ...[...text.matchAll(jsonBlock)].flatMap((block) => clusterValues(block, jsonMember)),
  ]
}

function clusterValues(block: RegExpExecArray, member: RegExp): readonly FoundSecret[] {
  const [, section, body = ''] = block
  const found = [...body.matchAll(member)].find(([, name = '', value = '']) =>
    isClusterValue(name, section === 'data' ? decoded(value) : value),
  )
  return found === undefined ? [] : [{ kind: 'Kubernetes secret', at: block.index }]
}

function isClusterValue(name: string, value: string): boolean {
  if (/^(?:user(?:name)?|host|port|url|name|email|ca\.crt|tls\.crt|namespace)$/i.test(name)) return false
  return value.length > 512 || isSecretValue(value, name, 'password', 'config')
}

function decoded(value: string): string {
  return /^[A-Za-z0-9+/]+={0,2}$/.test(value) ? Buffer.from(value, 'base64').toString('latin1').trim() : ''
}
