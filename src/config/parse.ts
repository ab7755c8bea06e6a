/** From text to settings or mistakes, each with its place. Pure; one leaf of the table is one decision. */
import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from 'jsonc-parser'
import { nearest } from './nearest.ts'
import { keys, settings, type Key } from './schema.ts'

/** Syntax errors told of one file: the first ones cause the rest. */
const syntaxErrorsTold = 3
const shownLengthMax = 60

export interface Place {
  /** A file, "--set" or the name of an environment variable, as shown to people. */
  readonly source: string
  /** 1-based; null outside of files. */
  readonly line: number | null
  readonly column: number | null
}

export interface Mistake extends Place {
  readonly problem: string
  readonly remedy: string
}

/** One setting as one level gives it. */
export interface Given {
  readonly key: Key
  readonly place: Place
  /** As written. */
  readonly raw: unknown
  /** As used: durations in milliseconds, sizes in bytes. */
  readonly value: unknown
}

export interface Parsed {
  readonly given: readonly Given[]
  readonly mistakes: readonly Mistake[]
}

/** A configuration file: JSON with comments and trailing commas; an empty one sets nothing. */
export function parseFile(content: string, source: string): Parsed {
  const text = content.replace(/^\uFEFF/, ' ')
  const errors: ParseError[] = []
  let tree: Node | undefined
  try {
    tree = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true })
  } catch (error) {
    // The library descends by recursion: thousands of open brackets exhaust the stack.
    if (!(error instanceof RangeError)) throw error
    const place = { source, line: 1, column: 1 }
    return { given: [], mistakes: [{ ...place, problem: 'nested too deeply', remedy: 'write one object of settings' }] }
  }
  const at = (offset: number): Place => ({ source, ...position(text, offset) })
  if (errors.length > 0) {
    const mistakes = errors.slice(0, syntaxErrorsTold).map((error) => ({
      ...at(error.offset),
      problem: `not valid JSON: ${spaced(printParseErrorCode(error.error))}`,
      remedy: 'correct it; comments and trailing commas are allowed',
    }))
    return { given: [], mistakes }
  }
  if (tree === undefined) return { given: [], mistakes: [] }
  return readObject(tree, '', at)
}

/** A setting given as text, from the environment or `--set`: `["a","b"]` and `a,b` are the same list. */
export function parseAssignment(key: string, text: string, source: string): Parsed {
  const place = { source, line: null, column: null }
  if (!isKey(key)) return { given: [], mistakes: [unknownKey(key, place)] }
  const readings = [text, jsonOf(text), ...listOf(text)]
  const fitting = readings.find((reading) => settings[key].schema.safeParse(reading).success)
  return readLeaf(key, fitting ?? jsonOf(text) ?? text, place, () => place)
}

function readObject(node: Node, prefix: string, at: (offset: number) => Place): Parsed {
  if (node.type !== 'object') {
    const what = prefix === '' ? 'configuration' : prefix.slice(0, -1)
    const problem = `${what}: expected an object, found ${shown(getNodeValue(node))}`
    return { given: [], mistakes: [{ ...at(node.offset), problem, remedy: 'write { "key": value }' }] }
  }
  const seen = new Set<string>()
  const parts = (node.children ?? []).map((property): Parsed => {
    const [name, value] = property.children ?? []
    if (name === undefined || value === undefined) return { given: [], mistakes: [] }
    const place = at(name.offset)
    const key = `${prefix}${String(name.value)}`
    if (seen.has(key)) {
      return { given: [], mistakes: [{ ...place, problem: `${key} is given twice`, remedy: 'keep one of them' }] }
    }
    seen.add(key)
    return readMember(key, prefix, value, place, at)
  })
  return { given: parts.flatMap((part) => part.given), mistakes: parts.flatMap((part) => part.mistakes) }
}

function readMember(key: string, prefix: string, node: Node, place: Place, at: (offset: number) => Place): Parsed {
  if (key === '$schema') return { given: [], mistakes: [] }
  if (prefix === '' && isSection(key)) return readObject(node, `${key}.`, at)
  if (prefix === '' && key.includes('.') && isKey(key)) {
    const [section, member] = key.split('.')
    const remedy = `write { "${section}": { "${member}": ... } }`
    return { given: [], mistakes: [{ ...place, problem: `"${key}" is no key of a file`, remedy }] }
  }
  if (!isKey(key)) return { given: [], mistakes: [unknownKey(key, place)] }
  const placeOf = (path: readonly PropertyKey[]): Place => at(nodeAt(node, path).offset)
  return readLeaf(key, getNodeValue(node), place, placeOf)
}

function readLeaf(key: Key, raw: unknown, place: Place, placeOf: (path: readonly PropertyKey[]) => Place): Parsed {
  const { schema, expects } = settings[key]
  const result = schema.safeParse(raw)
  if (result.success) return { given: [{ key, place, raw, value: result.data }], mistakes: [] }
  const path = result.error.issues[0]?.path ?? []
  const culprit = path.reduce<unknown>((value, step) => (Array.isArray(value) ? value[Number(step)] : value), raw)
  const problem = `${key}: ${shown(culprit)} is not accepted`
  return { given: [], mistakes: [{ ...placeOf(path), problem, remedy: `expected ${expects}` }] }
}

function unknownKey(key: string, place: Place): Mistake {
  const meant = nearest(key, keys)
  const remedy = meant === null ? 'see "workspace-sync config show" for the known ones' : `did you mean ${meant}?`
  return { ...place, problem: `unknown key ${shortened(key)}`, remedy }
}

function isKey(key: string): key is Key {
  return Object.hasOwn(settings, key)
}

function isSection(name: string): boolean {
  return keys.some((key) => key.startsWith(`${name}.`))
}

function nodeAt(node: Node, path: readonly PropertyKey[]): Node {
  return path.reduce<Node>((at, step) => (at.type === 'array' ? (at.children?.[Number(step)] ?? at) : at), node)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A text in brackets is JSON or wrong, not a list of odd names. */
function listOf(text: string): readonly unknown[] {
  if (text.startsWith('[')) return []
  return [text === '' ? [] : text.split(',').map((part) => part.trim())]
}

function position(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}

function shown(value: unknown): string {
  return shortened(JSON.stringify(value) ?? 'nothing')
}

function shortened(text: string): string {
  return text.length <= shownLengthMax ? text : `${text.slice(0, shownLengthMax)}...`
}

/** `CommaExpected` as people read it. */
function spaced(code: string): string {
  return code.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').toLowerCase()
}
