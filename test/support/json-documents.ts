/** JSON documents from a seed, as models that keep what a parser throws away: order, duplicates, spelling, spacing. */

export type Draw = () => number

/** mulberry32: the same numbers for the same seed on every machine. */
export function seeded(seed: number): Draw {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

export type Model =
  | { readonly kind: 'scalar'; readonly raw: string }
  | { readonly kind: 'array'; readonly items: readonly Model[] }
  | { readonly kind: 'object'; readonly members: readonly Member[] }

interface Member {
  /** With its quotes, escaped. */
  readonly key: string
  /** By its name. */
  readonly volatile: boolean
  readonly value: Model
}

const volatileKeys = [
  '"timestamp"',
  '"lastUpdate"',
  '"last_update"',
  '"SESSION-ID"',
  '"\\u0074imestamp"',
  '"Last Update"',
]
const realKeys = [
  '"a"',
  '"b"',
  '"name"',
  '"TimeStamp"',
  '"timestamps"',
  '"é"',
  '"time"',
  '"\\"timestamp"',
  '""',
  '"日本"',
]
const scalars = [
  '1',
  '-0.5e+3',
  '"x"',
  'true',
  'null',
  '""',
  '"timestamp"',
  '"a\\\\"',
  '"\\ud800"',
  '12345678901234567890',
  '"2026-01-07T10:00:00Z"',
]
/** What a member with a volatile name may hold to be one. */
const fleeting = ['1', '-0.5e+3', 'null', '""', '12345678901234567890', '"2026-01-07T10:00:00Z"']

export function pick<T>(draw: Draw, choices: readonly T[]): T {
  return choices[Math.floor(draw() * choices.length)] as T
}

export function drawModel(draw: Draw, depth = 0): Model {
  const kind = draw()
  if (depth > 3 || (depth > 0 && kind < 0.4)) return { kind: 'scalar', raw: pick(draw, scalars) }
  const count = Math.floor(draw() * 4)
  if (kind < 0.6) return { kind: 'array', items: Array.from({ length: count }, () => drawModel(draw, depth + 1)) }
  return { kind: 'object', members: Array.from({ length: count }, () => drawMember(draw, draw() < 0.4, depth)) }
}

function drawMember(draw: Draw, volatile: boolean, depth: number): Member {
  const value = volatile ? drawVolatile(draw, depth + 1) : drawModel(draw, depth + 1)
  return { key: pick(draw, volatile ? volatileKeys : realKeys), volatile, value }
}

function drawVolatile(draw: Draw, depth: number): Model {
  return draw() < 0.8 ? { kind: 'scalar', raw: pick(draw, fleeting) } : drawModel(draw, depth)
}

/** The model without its volatile members, at every level. */
export function withoutVolatile(model: Model): Model {
  if (model.kind === 'array') return { kind: 'array', items: model.items.map(withoutVolatile) }
  if (model.kind === 'scalar') return model
  const kept = model.members.filter((member) => !isLeftOut(member))
  return { kind: 'object', members: kept.map((member) => ({ ...member, value: withoutVolatile(member.value) })) }
}

function isLeftOut({ volatile, value }: Member): boolean {
  return volatile && isFleeting(value)
}

function isFleeting(value: Model): boolean {
  if (value.kind === 'array') return value.items.every(isFleeting)
  if (value.kind === 'object') return value.members.every((member) => isFleeting(member.value))
  return fleeting.includes(value.raw)
}

/** One place of the model changed; it may be inside a volatile value, or change nothing. */
export function edited(draw: Draw, model: Model, depth = 0): Model {
  if (model.kind === 'scalar' || draw() < 0.1) return drawModel(draw, depth)
  if (model.kind === 'array') {
    const at = Math.floor(draw() * (model.items.length + 1))
    const item = model.items[at]
    if (item === undefined) return { kind: 'array', items: [...model.items, drawModel(draw, depth + 1)] }
    return { kind: 'array', items: model.items.with(at, edited(draw, item, depth + 1)) }
  }
  return { kind: 'object', members: editedMembers(draw, model.members, depth) }
}

function editedMembers(draw: Draw, members: readonly Member[], depth: number): readonly Member[] {
  const at = Math.floor(draw() * (members.length + 1))
  const how = draw()
  const member = members[at]
  if (member === undefined || how < 0.3) return members.toSpliced(at, 0, drawMember(draw, draw() < 0.7, depth))
  if (how < 0.5) return members.toSpliced(at, 1)
  if (how < 0.6) return members.toSpliced(at, 1).toSpliced(Math.floor(draw() * members.length), 0, member)
  const value = member.volatile ? drawVolatile(draw, depth + 1) : edited(draw, member.value, depth + 1)
  return members.with(at, { ...member, value })
}

export interface Style {
  readonly indent: string | null
  readonly colon: string
  readonly comma: string
}

export const styles: readonly Style[] = [
  { indent: null, colon: ':', comma: ',' },
  { indent: null, colon: ': ', comma: ', ' },
  { indent: '  ', colon: ': ', comma: ',' },
  { indent: '\t', colon: ':', comma: ',' },
]

/** As one program would write it again and again: every token in its one place. */
export function printed(model: Model, style: Style, margin = '\n'): string {
  if (model.kind === 'scalar') return model.raw
  const inner = margin + (style.indent ?? '')
  const parts =
    model.kind === 'array'
      ? model.items.map((item) => printed(item, style, inner))
      : model.members.map(({ key, value }) => key + style.colon + printed(value, style, inner))
  const [open, close] = model.kind === 'array' ? ['[', ']'] : ['{', '}']
  if (parts.length === 0) return `${open}${close}`
  if (style.indent === null) return open + parts.join(style.comma) + close
  return open + inner + parts.join(style.comma + inner) + margin + close
}

/** White space at random wherever the grammar allows it; what `expected` says it must read as without its members. */
export function scattered(draw: Draw, model: Model): { readonly text: string; readonly expected: string } {
  if (model.kind === 'scalar') return { text: model.raw, expected: model.raw }
  const space = (): string => pick(draw, ['', '', '', ' ', '\n', '\t ', '\r\n  '])
  if (model.kind === 'array') {
    const items = model.items.map((item) => ({ lead: space(), ...scattered(draw, item), trail: space() }))
    const joined = (side: 'text' | 'expected'): string =>
      items.map(({ lead, trail, ...item }) => lead + item[side] + trail).join(',')
    const empty = items.length === 0 ? space() : ''
    return { text: `[${empty}${joined('text')}]`, expected: `[${empty}${joined('expected')}]` }
  }
  return scatteredObject(draw, model.members, space)
}

function scatteredObject(
  draw: Draw,
  members: readonly Member[],
  space: () => string,
): { text: string; expected: string } {
  if (members.length === 0) {
    const empty = `{${space()}}`
    return { text: empty, expected: empty }
  }
  let text = ''
  let expected = ''
  let keeps = false
  const front = space()
  for (const [index, member] of members.entries()) {
    const { key, value } = member
    const isOut = isLeftOut(member)
    const lead = index === 0 ? front : space()
    const name = key + space() + ':' + space()
    const inside = scattered(draw, value)
    const trail = space()
    text += (index === 0 ? '' : ',') + lead + name + inside.text + trail
    // Once a member is kept, a removed one leaves its trailing space; before that the next name takes the first place.
    if (!isOut) expected += (keeps ? `,${lead}` : front) + name + inside.expected + trail
    else if (keeps) expected += trail
    keeps ||= !isOut
  }
  return { text: `{${text}}`, expected: `{${keeps ? expected : ''}}` }
}

/** The bytes with one to three bytes changed, cut, doubled or put in. */
export function damaged(draw: Draw, bytes: Uint8Array): Uint8Array {
  const odd = [
    0, 9, 10, 32, 34, 44, 45, 46, 48, 58, 69, 92, 93, 101, 117, 123, 125, 127, 128, 0xc0, 0xe0, 0xed, 0xf4, 0xff,
  ]
  let result = [...bytes]
  for (let left = Math.ceil(draw() * 3); left > 0; left--) {
    const at = Math.floor(draw() * (result.length + 1))
    const how = draw()
    if (how < 0.4) result[at] = pick(draw, odd)
    else if (how < 0.6) result.splice(at, 1)
    else if (how < 0.8) result.splice(at, 0, pick(draw, odd))
    else if (how < 0.9) result.splice(at, 0, ...result.slice(at, at + 4))
    else result = result.slice(0, at)
  }
  return Uint8Array.from(result)
}
