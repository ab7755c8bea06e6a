/**
 * Second opinions: what a document says without its volatile members, in the words of the dialect's own parser. Asked
 * only before a change is called volatile; where scanner and parser disagree it counts as a change.
 */
import type { ParsedNode } from 'yaml'
import type { Parsers } from './parsers.ts'
import { isVolatileText, isVolatileValue } from './volatile-values.ts'

/** @returns null when the parser objects to anything. */
export function yamlMeaning(
  text: string,
  parser: ReturnType<Parsers['yaml']>,
  isVolatile: (name: string) => boolean,
): string | null {
  try {
    // Every scalar as its text: `1.0` is not `1`. Keys given twice are looked for below; the parser is slow at it.
    const options = { schema: 'failsafe', uniqueKeys: false, prettyErrors: false, logLevel: 'silent' } as const
    const parsed = parser.parseAllDocuments(text, options)
    const documents = 'empty' in parsed ? [] : parsed
    if (documents.some(({ errors, warnings }) => errors.length + warnings.length > 0)) return null
    return JSON.stringify(documents.map(({ contents }) => yamlValue(contents, isVolatile)))
  } catch {
    // A key that is not plain, or there twice; or nested too deep for the parser.
    return null
  }
}

/** Aliases stay names: nothing is expanded, so nothing can explode. */
function yamlValue(node: ParsedNode | null, isVolatile: (name: string) => boolean): unknown {
  if (node === null) return null
  if ('source' in node && !('value' in node)) return { alias: node.source }
  const marks = { tag: node.tag, anchor: node.anchor }
  if (!('items' in node)) return { ...marks, scalar: String(node.value) }
  const names = new Set<string>()
  const list: unknown[] = []
  for (const item of node.items) {
    if (!('key' in item)) {
      list.push(yamlValue(item, isVolatile))
      continue
    }
    const name = 'value' in item.key ? item.key.value : null
    if (typeof name !== 'string' || names.has(name)) throw new TypeError('not a plain mapping')
    names.add(name)
    if (isVolatile(name) && saysNothing(item.value)) continue
    list.push({ name, is: yamlValue(item.value, isVolatile) })
  }
  return { ...marks, list, isMapping: names.size > 0 }
}

/** Whether a volatile member that holds it is left out. */
function saysNothing(node: ParsedNode | null): boolean {
  if (node === null) return true
  const value = 'value' in node ? String(node.value) : null
  return value !== null && (/^(?:~|null)$/i.test(value) || isVolatileText(value))
}

/** @returns null when the parser objects. */
export function tomlMeaning(
  text: string,
  parser: ReturnType<Parsers['toml']>,
  isVolatile: (name: string) => boolean,
): string | null {
  try {
    return JSON.stringify(tomlValue(parser.parse(text, { integersAsBigInt: true }), isVolatile))
  } catch {
    return null
  }
}

function tomlValue(value: unknown, isVolatile: (name: string) => boolean): unknown {
  if (Array.isArray(value)) return value.map((item) => tomlValue(item, isVolatile))
  if (value instanceof Date) return `date ${value.toISOString()}`
  if (typeof value === 'object' && value !== null) {
    const kept = Object.entries(value).filter(
      ([name, inside]) => !(isVolatile(name) && (inside instanceof Date || isVolatileValue(inside))),
    )
    return { members: kept.map(([name, inside]) => [name, tomlValue(inside, isVolatile)]) }
  }
  return `${typeof value} ${Object.is(value, -0) ? '-0' : String(value)}`
}
