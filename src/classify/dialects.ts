/** How each kind of document is compared with its committed version. */
import { createHash } from 'node:crypto'
import type { ContentFormat, PathBytes } from '../types.ts'
import { explainMembers, type MemberChanges } from './explain.ts'
import { frontMatterOf } from './front-matter.ts'
import { strippedDigest, volatileSpans } from './json-strip.ts'
import { explainLines, strippedLinesDigest } from './jsonl.ts'
import { tomlMeaning, yamlMeaning } from './meaning.ts'
import { cutDigest, explainOutlines, strictText, type Cut, type Outline } from './outline.ts'
import type { Parsers } from './parsers.ts'
import { tomlOutline } from './toml-outline.ts'
import { isVolatileKey, type VolatileKeys } from './volatile-keys.ts'
import { yamlOutline } from './yaml-outline.ts'

export interface Dialect {
  readonly format: ContentFormat
  /** What a document that cannot be compared is: "is now …". */
  readonly refusal: string
  /** Two documents with one digest differ in volatile members only. null: not analysable. */
  digest(bytes: Uint8Array): string | null
  /** The document in pieces: what stays and a volatile member in turn, what stays first and last. null: as `digest`. */
  pieces(bytes: Uint8Array): readonly Uint8Array[] | null
  /** Names members for people. @param before analysable, as is `after`. */
  explain(before: Uint8Array, after: Uint8Array): MemberChanges
  /** A second opinion, asked before a change is called volatile. null: it refuses, so it is a change. */
  readonly meaning?: (bytes: Uint8Array) => string | null
}

/** Larger documents count as changed: nothing else goes on while their parsers look at them. */
const yamlBytesMax = 64 * 1024
const tomlBytesMax = 256 * 1024

const extensions: readonly (readonly [RegExp, ContentFormat])[] = [
  [/\.json$/i, 'json'],
  [/\.(?:jsonl|ndjson)$/i, 'jsonl'],
  [/\.ya?ml$/i, 'yaml'],
  [/\.toml$/i, 'toml'],
  [/\.(?:md|markdown|mdx)$/i, 'front-matter'],
]

/** By its name alone; a note may turn out to have no front matter. */
export function formatOf(path: PathBytes): ContentFormat {
  return extensions.find(([pattern]) => pattern.test(path))?.[1] ?? 'other'
}

/** @returns what finds the dialect of a file; null: it is compared byte for byte only. */
export function createDialects(
  keys: VolatileKeys,
  parsers: Parsers,
): (format: ContentFormat, bytes: Uint8Array) => Dialect | null {
  const isVolatile = (name: string): boolean => isVolatileKey(name, keys)
  const yaml: TextDialect = {
    refusal: 'no YAML that can be compared',
    bytesMax: yamlBytesMax,
    outline: (text) => yamlOutline(text, isVolatile),
    meaning: (text) => yamlMeaning(text, parsers.yaml(), isVolatile),
  }
  const toml: TextDialect = {
    refusal: 'no TOML that can be compared',
    bytesMax: tomlBytesMax,
    outline: (text) => tomlOutline(text, isVolatile),
    meaning: (text) => tomlMeaning(text, parsers.toml(), isVolatile),
  }
  const json: Dialect = {
    format: 'json',
    refusal: 'no strict JSON that can be compared',
    digest: (bytes) => strippedDigest(bytes, keys),
    pieces: (bytes) => spannedPieces(bytes, volatileSpans(bytes, keys)),
    explain: (before, after) => explainMembers(parsed(before), parsed(after), keys),
  }
  const jsonl: Dialect = {
    format: 'jsonl',
    refusal: 'no JSONL that can be compared',
    digest: (bytes) => strippedLinesDigest(bytes, keys),
    // Lines are put together as lines.
    pieces: () => null,
    explain: (before, after) => explainLines(before, after, keys),
  }
  const whole = { json, jsonl, yaml: wholeText('yaml', yaml), toml: wholeText('toml', toml) }
  const headed = { yaml: headOf('yaml', yaml), toml: headOf('toml', toml) }
  return (format, bytes) => {
    if (format !== 'front-matter') return format in whole ? whole[format as keyof typeof whole] : null
    const kind = frontMatterOf(bytes)?.kind
    return kind === undefined ? null : headed[kind]
  }
}

/** A dialect that is read as text. */
interface TextDialect {
  readonly refusal: string
  readonly bytesMax: number
  outline(text: string): Outline | null
  meaning(text: string): string | null
}

function wholeText(format: ContentFormat, dialect: TextDialect): Dialect {
  const textOf = (bytes: Uint8Array): string | null => (bytes.length > dialect.bytesMax ? null : strictText(bytes))
  return {
    format,
    refusal: dialect.refusal,
    digest(bytes) {
      const text = textOf(bytes)
      const outline = text === null ? null : dialect.outline(text)
      return text === null || outline === null ? null : cutDigest(text, outline.cuts)
    },
    pieces(bytes) {
      const text = textOf(bytes)
      const outline = text === null ? null : dialect.outline(text)
      return text === null || outline === null ? null : cutPieces(text, outline.cuts)
    },
    explain: (before, after) => explainOutlines(outlineOf(dialect, textOf(before)), outlineOf(dialect, textOf(after))),
    meaning(bytes) {
      const text = textOf(bytes)
      return text === null ? null : dialect.meaning(text)
    },
  }
}

/** The head of a note; all around it is compared byte for byte. */
function headOf(kind: 'yaml' | 'toml', dialect: TextDialect): Dialect {
  const split = (bytes: Uint8Array): { text: string; before: Uint8Array; behind: Uint8Array } | null => {
    const head = frontMatterOf(bytes)
    const text = head?.kind === kind ? strictText(bytes.subarray(head.from, head.to)) : null
    if (head === null || text === null) return null
    return { text, before: bytes.subarray(0, head.from), behind: bytes.subarray(head.to) }
  }
  return {
    format: 'front-matter',
    refusal: 'without front matter that can be compared',
    digest(bytes) {
      const parts = split(bytes)
      const outline = parts === null ? null : dialect.outline(parts.text)
      if (parts === null || outline === null) return null
      const hash = createHash('sha1').update(parts.before).update(cutDigest(parts.text, outline.cuts))
      return hash.update(parts.behind).digest('hex')
    },
    pieces(bytes) {
      const parts = split(bytes)
      const outline = parts === null ? null : dialect.outline(parts.text)
      if (parts === null || outline === null) return null
      const inner = cutPieces(parts.text, outline.cuts)
      const first = Buffer.concat([parts.before, inner[0] ?? empty])
      if (inner.length === 1) return [Buffer.concat([first, parts.behind])]
      return [first, ...inner.slice(1, -1), Buffer.concat([inner.at(-1) ?? empty, parts.behind])]
    },
    explain(before, after) {
      const [one, other] = [split(before), split(after)]
      const named = explainOutlines(outlineOf(dialect, one?.text ?? null), outlineOf(dialect, other?.text ?? null))
      const isSameText = Buffer.compare(one?.behind ?? before, other?.behind ?? after) === 0
      return isSameText ? named : { ...named, changed: [...named.changed, 'text'] }
    },
    meaning(bytes) {
      const parts = split(bytes)
      return parts === null ? null : dialect.meaning(parts.text)
    },
  }
}

function outlineOf(dialect: TextDialect, text: string | null): Outline {
  return (text === null ? null : dialect.outline(text)) ?? { cuts: [], members: [] }
}

const empty = Buffer.alloc(0)

function spannedPieces(bytes: Uint8Array, spans: readonly number[] | null): readonly Uint8Array[] | null {
  if (spans === null) return null
  const ends = [0, ...spans, bytes.length]
  return ends.slice(1).map((to, at) => bytes.subarray(ends[at], to))
}

function cutPieces(text: string, cuts: readonly Cut[]): readonly Uint8Array[] {
  const ends = [0, ...cuts.flatMap(({ from, to }) => [from, to]), text.length]
  return ends.slice(1).map((to, at) => Buffer.from(text.slice(ends[at], to)))
}

function parsed(bytes: Uint8Array): unknown {
  return JSON.parse(new TextDecoder().decode(bytes))
}
