import { scanFlow, type Flow, type FlowGrammar } from './flow-scan.ts'
import { lineEnd, nextLine, skipBlanks, skipQuoted } from './text-scan.ts'
import { withoutComment } from './yaml-line.ts'

export interface YamlValue {
  /** Behind the last character of it. */
  readonly end: number
  /** Where the line after it begins. */
  readonly next: number
  /** A comment behind it on its last line, or on the line that begins a block scalar. */
  readonly hasComment: boolean
  /** An anchor, alias or tag: others may depend on it. */
  readonly hasReference: boolean
  /** null: the value stands on the lines below, or there is none. */
  readonly kind: 'scalar' | 'flow' | null
  readonly flow: Flow | null
}

/**
 * The value that begins somewhere behind `from` on that line.
 *
 * @param indent of the collection that holds it; lines that belong to it are indented deeper.
 */
export function valueAt(
  text: string,
  from: number,
  indent: number,
  path: string,
  grammar: FlowGrammar,
): YamlValue | null {
  let at = skipBlanks(text, from)
  let end = from
  let hasReference = false
  for (let properties = 0; properties < 2 && (text[at] === '&' || text[at] === '!'); properties += 1) {
    hasReference = true
    while (at < text.length && !/\s/.test(text[at] as string)) at += 1
    end = at
    at = skipBlanks(text, at)
  }
  const first = text[at] ?? ''
  const isEmpty = at === lineEnd(text, at) || (first === '#' && at > from)
  if (isEmpty) return ended(text, end, null, hasReference)
  if (first === '*') return aliasAt(text, at)
  if (first === '|' || first === '>') return blockAt(text, at, indent, hasReference)
  if (first === '"' || first === "'") return ended(text, skipQuoted(text, at), 'scalar', hasReference)
  if (first === '[' || first === '{') return flowAt(text, at, path, grammar, hasReference)
  if ('%@`,]}&!#'.includes(first) || /^[-?:](?:\s|$)/.test(text.slice(at, at + 2))) return null
  return plainAt(text, at, indent, hasReference)
}

/** Nothing but a comment may follow on the line where a value ends. */
function ended(
  text: string,
  end: number,
  kind: YamlValue['kind'],
  hasReference: boolean,
  flow: Flow | null = null,
): YamlValue | null {
  if (end < 0) return null
  const behind = skipBlanks(text, end)
  const hasComment = text[behind] === '#' && behind > end
  if (!hasComment && behind !== lineEnd(text, behind)) return null
  return { end, next: nextLine(text, behind), hasComment, hasReference, kind, flow }
}

function aliasAt(text: string, at: number): YamlValue | null {
  const [name = ''] = /^\*[^\s,[\]{}]*/.exec(text.slice(at, lineEnd(text, at))) ?? []
  return ended(text, at + name.length, 'scalar', true)
}

function flowAt(text: string, at: number, path: string, grammar: FlowGrammar, hasReference: boolean): YamlValue | null {
  const flow = scanFlow(text, at, path, grammar)
  if (flow === null) return null
  const refersInside = /[\s,[{:][&*!]/.test(text.slice(at, flow.end))
  const safe = refersInside ? { ...flow, cuts: [], members: [] } : flow
  return ended(text, flow.end, 'flow', hasReference || refersInside, safe)
}

/** A literal or folded scalar. Blank lines behind it may belong to it and stay, whether they do or not. */
function blockAt(text: string, at: number, indent: number, hasReference: boolean): YamlValue | null {
  const header = /^[|>][+-]?([ \t]+#.*|[ \t]*)$/.exec(text.slice(at, lineEnd(text, at)))
  if (header === null) return null
  let end = lineEnd(text, at)
  let next = nextLine(text, at)
  let contentIndent = -1
  for (let line = next; line < text.length; line = nextLine(text, line)) {
    const begin = skipSpaces(text, line)
    if (begin === lineEnd(text, line)) continue
    if (contentIndent < 0) contentIndent = begin - line
    if (begin - line < contentIndent || contentIndent <= indent) break
    end = lineEnd(text, line)
    next = nextLine(text, line)
  }
  return { end, next, hasComment: (header[1] ?? '').includes('#'), hasReference, kind: 'scalar', flow: null }
}

/** Deeper lines below a plain scalar go on with it; nothing that looks like a member may be on them. */
function plainAt(text: string, at: number, indent: number, hasReference: boolean): YamlValue | null {
  let end = -1
  for (let line = at; line < text.length; line = nextLine(text, line)) {
    const begin = line === at ? at : skipSpaces(text, line)
    const whole = text.slice(begin, lineEnd(text, line))
    if (whole.trim() === '') continue
    if (end >= 0 && (begin - line <= indent || whole.startsWith('#'))) break
    const plain = withoutComment(whole)
    if (whole.startsWith('\t') || /:(?:\s|$)/.test(plain)) return null
    end = begin + plain.length
    if (plain.length < whole.trimEnd().length) break
  }
  return ended(text, end, 'scalar', hasReference)
}

function skipSpaces(text: string, from: number): number {
  let at = from
  while (text[at] === ' ') at += 1
  return at
}
