import { memberName } from './explain.ts'
import type { FlowGrammar } from './flow-scan.ts'
import { pieceOf, type Cut, type Outline, type OutlineMember } from './outline.ts'
import { isVolatileWritten } from './volatile-values.ts'
import { lineEnd, nextLine, skipBlanks } from './text-scan.ts'
import { keyAt, yamlFlow } from './yaml-line.ts'
import { valueAt, type YamlValue } from './yaml-value.ts'

/** Lines, and parts of flow values; more are not looked into: the second opinion takes up to 0.05 ms for each. */
const partsMax = 1_000
/** Deeper documents count as not analysable. */
const depthMax = 64
/** Stands for the members of a mapping that has volatile ones only: without them it would read as null. */
const emptyMapping = '\0{}\n'

interface Member {
  readonly path: string
  /** Of its key. */
  readonly from: number
  readonly lineFrom: number
  /** It takes no whole lines: it stands behind a dash, or what stood there was cut. */
  readonly inline: boolean
  /** Its value may be on the lines below. */
  open: boolean
  /** Its name is volatile, and so is what was seen of its value. */
  isVolatile: boolean
  /** Behind the last line that is its own. */
  end: number
  next: number
  lines: number
  comments: number
  hasReference: boolean
}

interface Collection {
  readonly kind: 'map' | 'seq'
  readonly indent: number
  readonly path: string
  /** Of a sequence: the number of the present item. */
  index: number
  /** The member or item that the next deeper line belongs to. */
  member: Member | null
  /** Whether a member that stays was seen. */
  keeps: boolean
  /** The first of the cuts made in it; -1: none. */
  firstCut: number
  /** Its first member stands behind a dash and none was kept: the next one takes that very place. */
  inline: boolean
}

/**
 * The volatile members of YAML as people and programs write it: block mappings and sequences, flow values, scalars of
 * every style, several documents. Whatever is out of that ordinary (tabs, explicit keys, directives, keys with
 * anchors) makes it not analysable, and a volatile member that holds a comment or that others may refer to stays.
 *
 * @returns null when it is not analysable.
 */
export function yamlOutline(text: string, isVolatile: (name: string) => boolean): Outline | null {
  // oxlint-disable-next-line no-control-regex -- a lone carriage return is an end of line too
  if (/[\0-\x08\v\f\x0e-\x1f\x7f]|\r(?!\n)/.test(text)) return null
  return new YamlScan(text, isVolatile).scan()
}

class YamlScan {
  readonly #text: string
  readonly #isVolatile: (name: string) => boolean
  readonly #grammar: FlowGrammar
  readonly #stack: Collection[] = []
  readonly #cuts: Cut[] = []
  readonly #members: OutlineMember[] = []
  #commentWaits = false
  #documents = 0
  #parts = 0
  #hasRoot = false

  constructor(text: string, isVolatile: (name: string) => boolean) {
    this.#text = text
    this.#isVolatile = isVolatile
    this.#grammar = yamlFlow(isVolatile)
  }

  scan(): Outline | null {
    const text = this.#text
    for (let from = text.startsWith('\ufeff') ? 1 : 0; from < text.length;) {
      this.#parts += 1
      if (this.#parts > partsMax) return null
      const next = this.#line(from)
      if (next < 0) return null
      from = next
    }
    this.#settle(-1, false)
    return { cuts: this.#cuts, members: this.#members }
  }

  /** @returns where the next line begins; -1: not understood. */
  #line(from: number): number {
    const text = this.#text
    const end = lineEnd(text, from)
    const at = from + (text.slice(from, end).match(/^ */)?.[0].length ?? 0)
    if (text.slice(at, end).trim() === '') return nextLine(text, from)
    if (text[at] === '#') {
      this.#commentWaits = true
      return nextLine(text, from)
    }
    if (text[at] === '\t') return -1
    if (at === from && /^(?:---|\.\.\.)(?:\s|$)/.test(text.slice(from, end))) return this.#document(from, end)
    return this.#content(from, at)
  }

  #document(from: number, end: number): number {
    if (!/^(?:---|\.\.\.)[ \t]*$/.test(this.#text.slice(from, end))) return -1
    this.#settle(-1, false)
    if (this.#hasRoot) this.#documents += 1
    this.#hasRoot = false
    return nextLine(this.#text, from)
  }

  #content(from: number, begin: number): number {
    const text = this.#text
    let at = begin
    let inline = false
    while (text[at] === '-' && /^-(?:\s|$)/.test(text.slice(at, at + 2))) {
      if (!this.#item(from, at, inline)) return -1
      const behind = skipBlanks(text, at + 1)
      const isEmpty = behind === lineEnd(text, behind) || text[behind] === '#'
      if (isEmpty) return this.#take(valueAt(text, at + 1, at - from, '', this.#grammar), at + 1)
      if (text.slice(at + 1, behind).includes('\t')) return -1
      inline = true
      at = behind
    }
    const key = keyAt(text, at)
    if (key === 'refused') return -1
    if (key !== null) {
      if (!this.#pair(from, at, inline, key.name)) return -1
      return this.#take(valueAt(text, key.end, at - from, this.#owner()?.path ?? '', this.#grammar), key.end)
    }
    if (!inline) this.#settle(at - from, false)
    const top = this.#stack.at(-1)
    if (top?.member?.open !== true || at - from <= top.indent) return -1
    return this.#take(valueAt(text, at, top.indent, top.member.path, this.#grammar), at)
  }

  /** A dash at `at`. */
  #item(lineFrom: number, at: number, inline: boolean): boolean {
    const indent = at - lineFrom
    if (!inline) this.#settle(indent, true)
    const top = this.#stack.at(-1)
    const isNext = top?.kind === 'seq' && top.indent === indent && !inline
    if (!isNext && !this.#begin('seq', indent, inline)) return false
    const sequence = this.#stack.at(-1) as Collection
    this.#finishMember(sequence, -1)
    sequence.index += 1
    this.#start(sequence, `${sequence.path}[${sequence.index}]`, null, at, lineFrom, true)
    return true
  }

  /** A key at `at`. */
  #pair(lineFrom: number, at: number, inline: boolean, name: string): boolean {
    const indent = at - lineFrom
    if (!inline) this.#settle(indent, false)
    const top = this.#stack.at(-1)
    const isNext = top?.kind === 'map' && top.indent === indent && !inline
    if (!isNext && !this.#begin('map', indent, inline)) return false
    const map = this.#stack.at(-1) as Collection
    this.#finishMember(map, at)
    this.#start(map, map.path + memberName(name), name, at, lineFrom, map.inline)
    return true
  }

  /** A collection below what is open. */
  #begin(kind: Collection['kind'], indent: number, inline: boolean): boolean {
    const owner = this.#owner()
    const top = this.#stack.at(-1)
    if (top === undefined ? this.#hasRoot : owner?.open !== true) return false
    // A sequence may stand as deep as the key that it belongs to.
    if (top !== undefined && (indent < top.indent || (indent === top.indent && (kind === 'map' || top.kind === 'seq'))))
      return false
    if (this.#stack.length === depthMax) return false
    if (owner !== null) Object.assign(owner, { open: false, isVolatile: false })
    const path = owner?.path ?? (this.#documents === 0 ? '' : `[${this.#documents}]`)
    this.#hasRoot = true
    this.#stack.push({ kind, indent, path, index: -1, member: null, keeps: false, firstCut: -1, inline })
    return true
  }

  #owner(): Member | null {
    return this.#stack.at(-1)?.member ?? null
  }

  #start(
    collection: Collection,
    path: string,
    key: string | null,
    from: number,
    lineFrom: number,
    inline: boolean,
  ): void {
    this.#commentWaits = false
    const place = { from, lineFrom, inline, end: from, next: from }
    const isVolatile = key !== null && this.#isVolatile(key)
    collection.member = { path, ...place, open: true, isVolatile, lines: 0, comments: 0, hasReference: false }
  }

  /** What stands behind a key or a dash, or on a line of its own below them. */
  #take(value: YamlValue | null, from: number): number {
    const owner = this.#owner()
    if (value === null || owner === null) return -1
    const isDone = value.kind !== null
    if (isDone) owner.open = false
    const { flow } = value
    this.#parts += flow?.parts ?? 0
    for (const cut of flow?.cuts ?? []) this.#cuts.push(cut)
    for (const member of flow?.members ?? []) this.#members.push(member)
    const written = this.#text.slice(from, value.end)
    if (isDone) {
      const text = pieceOf(this.#text, from, value.end, flow?.cuts ?? []).trim()
      this.#members.push({ path: owner.path, text, volatile: false })
      owner.isVolatile &&= isVolatileWritten(written)
    }
    // What was said between two lines of a volatile member would be lost with it.
    if (this.#commentWaits) owner.comments += 2
    this.#commentWaits = false
    owner.end = value.end
    owner.next = value.next
    owner.lines += written.includes('\n') ? 2 : 1
    owner.comments += (value.hasComment ? 1 : 0) + (flow?.hasComment === true ? 2 : 0)
    owner.hasReference ||= value.hasReference
    return value.next
  }

  /** Ends what a line at this column does not belong to; -1 ends all. */
  #settle(column: number, isDash: boolean): void {
    for (let top = this.#stack.at(-1); top !== undefined; top = this.#stack.at(-1)) {
      if (top.indent < column || (top.indent === column && (top.kind === 'map' || isDash))) return
      this.#finishMember(top, -1)
      this.#endMapping(top)
      this.#stack.pop()
    }
  }

  /** @param nextFrom where the next member of the same mapping begins; -1: there is none. */
  #finishMember(collection: Collection, nextFrom: number): void {
    const { member } = collection
    collection.member = null
    if (member === null) return
    const { isVolatile } = member
    const to = isVolatile ? this.#reach(member, nextFrom) : -1
    if (to < 0) {
      collection.keeps = true
      collection.inline = false
    } else {
      if (collection.firstCut < 0) collection.firstCut = this.#cuts.length
      const from = member.inline || member.comments > 0 ? member.from : member.lineFrom
      this.#cuts.push({ from, to, put: '' })
      if (member.comments > 0) collection.inline = false
    }
    if (!isVolatile) return
    this.#members.push({ path: member.path, text: this.#text.slice(member.from, member.end), volatile: to >= 0 })
  }

  /** How far a volatile member is cut; -1: not at all. */
  #reach(member: Member, nextFrom: number): number {
    if (member.hasReference || member.comments > 1) return -1
    // The comment behind it stays.
    if (member.comments === 1) return member.lines === 1 ? member.end : -1
    if (!member.inline) return member.next
    if (nextFrom < 0) return member.end
    return /^\r?\n *$/.test(this.#text.slice(member.end, nextFrom)) ? nextFrom : -1
  }

  #endMapping({ keeps, firstCut }: Collection): void {
    if (keeps || firstCut < 0) return
    const cut = this.#cuts[firstCut]
    if (cut !== undefined) this.#cuts[firstCut] = { ...cut, put: emptyMapping }
  }
}
