/** YAML and TOML documents as models that know which members are volatile, printed as people and programs write them. */
import { array, boolean, constant, constantFrom, oneof, option, record, uniqueArray, type Arbitrary } from 'fast-check'

export type Plain =
  | { readonly kind: 'scalar'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly Plain[] }
  | { readonly kind: 'map'; readonly members: readonly PlainMember[] }

export interface PlainMember {
  readonly key: string
  readonly volatile: boolean
  readonly value: Plain
  /** Behind the member's line; null: none. */
  readonly comment: string | null
}

const volatileKeys = ['timestamp', 'lastUpdate', 'last_update', '"timestamp"', "'last-update'", 'TIMESTAMP']
const realKeys = ['a', 'b', 'name', 'TimeStamp', 'timestamps', '"é"', 'time', 'c-d', '"timestamp x"', 'log']
/** What a member with a volatile name may hold to be one. */
const fleeting = ['1', '-0.5', '""', '"2026-01-07T10:00:00Z"', "'1a2b3c4d5e6f'"]
const scalars = ['1', '-0.5', 'true', '"x # no comment"', '"a: b"', "'it''s'", '"\\"timestamp"', '""', '"timestamp"']

/** In TOML a quote is written otherwise in a literal string. */
export const tomlScalars = scalars.filter((text) => !text.startsWith("'"))

const fleetingScalar = constantFrom(...fleeting).map((text): Plain => ({ kind: 'scalar', text }))

export function plainMap(texts: readonly string[] = scalars, depth = 3): Arbitrary<Plain & { kind: 'map' }> {
  const scalar = constantFrom(...texts).map((text): Plain => ({ kind: 'scalar', text }))
  const value: Arbitrary<Plain> =
    depth === 0
      ? scalar
      : oneof(
          { weight: 3, arbitrary: scalar },
          {
            weight: 1,
            arbitrary: array(oneof(scalar, plainMap(texts, depth - 1)), { minLength: 1, maxLength: 3 }).map(
              (items): Plain => ({ kind: 'list', items }),
            ),
          },
          { weight: 2, arbitrary: plainMap(texts, depth - 1) },
        )
  const member = boolean().chain((volatile) =>
    record({
      key: constantFrom(...(volatile ? volatileKeys : realKeys)),
      volatile: constant(volatile),
      value: volatile ? fleetingScalar : value,
      comment: option(constantFrom('note', 'timestamp: 1'), { freq: 5 }),
    }),
  )
  return uniqueArray(member, { minLength: 1, maxLength: 4, selector: ({ key }) => key.replaceAll(/["']/g, '') }).map(
    (members) => ({ kind: 'map', members }),
  )
}

/** Block style; `indent` deep, lists deeper or as deep as their key. */
export function yamlText(map: Plain & { kind: 'map' }, indent: 2 | 4, deepLists: boolean, newline = '\n'): string {
  return yamlMap(map, '', indent, deepLists).join(newline) + newline
}

function yamlMap(map: Plain & { kind: 'map' }, margin: string, indent: number, deepLists: boolean): string[] {
  return map.members.flatMap(({ key, value, comment }) => {
    const tail = comment === null ? '' : ` # ${comment}`
    if (value.kind === 'scalar') return [`${margin}${key}: ${value.text}${tail}`]
    const inner = margin + ' '.repeat(value.kind === 'list' && !deepLists ? 0 : indent)
    const below =
      value.kind === 'map'
        ? yamlMap(value, margin + ' '.repeat(indent), indent, deepLists)
        : value.items.flatMap((item) => yamlItem(item, inner, indent, deepLists))
    return [`${margin}${key}:${tail}`, ...below]
  })
}

function yamlItem(item: Plain, margin: string, indent: number, deepLists: boolean): string[] {
  if (item.kind === 'scalar') return [`${margin}- ${item.text}`]
  if (item.kind === 'list') throw new Error('no list is in a list here')
  const [first = '', ...rest] = yamlMap(item, `${margin}  `, indent, deepLists)
  return [`${margin}- ${first.slice(margin.length + 2)}`, ...rest]
}

/** Scalars and lists as statements, maps as tables below them. */
export function tomlText(map: Plain & { kind: 'map' }, path: readonly string[] = []): string {
  const own = map.members.filter(({ value }) => value.kind !== 'map')
  const statements = own.map(
    ({ key, value, comment }) => `${key} = ${tomlValue(value)}${comment === null ? '' : ` # ${comment}`}\n`,
  )
  const tables = map.members.flatMap(({ key, value }) =>
    value.kind === 'map' ? [`\n[${[...path, key].join('.')}]\n`, tomlText(value, [...path, key])] : [],
  )
  return statements.join('') + tables.join('')
}

function tomlValue(value: Plain): string {
  if (value.kind === 'scalar') return value.text
  if (value.kind === 'list') return `[${value.items.map(tomlValue).join(', ')}]`
  return `{ ${value.members.map(({ key, value: one }) => `${key} = ${tomlValue(one)}`).join(', ')} }`
}

/** Another document in which only the values of volatile members differ. */
export function ticked(map: Plain & { kind: 'map' }): Plain & { kind: 'map' } {
  return edit(map, (member) =>
    member.volatile ? { ...member, value: { kind: 'scalar', text: '"2026-01-07T10:00:01Z"' } } : member,
  )
}

function edit(map: Plain & { kind: 'map' }, change: (member: PlainMember) => PlainMember): Plain & { kind: 'map' } {
  return {
    ...map,
    members: map.members.map((member) => {
      const next = change(member)
      return next.volatile ? next : { ...next, value: inside(next.value, change) }
    }),
  }
}

function inside(value: Plain, change: (member: PlainMember) => PlainMember): Plain {
  if (value.kind === 'map') return edit(value, change)
  return value.kind === 'list' ? { ...value, items: value.items.map((item) => inside(item, change)) } : value
}

/** Every place where a member that is no volatile one has a scalar; `change` makes each another. */
export function realEdits(map: Plain & { kind: 'map' }): (Plain & { kind: 'map' })[] {
  return map.members.flatMap((member, at) => {
    if (member.volatile) return []
    const others = realEditsOf(member.value)
    const renamed = { ...member, key: 'renamed' }
    return [renamed, ...others.map((value) => ({ ...member, value }))].map((next) => ({
      ...map,
      members: map.members.with(at, next),
    }))
  })
}

function realEditsOf(value: Plain): Plain[] {
  if (value.kind === 'scalar') return [{ kind: 'scalar', text: '"edited"' }]
  if (value.kind === 'map') return realEdits(value)
  return [
    { ...value, items: [...value.items, { kind: 'scalar', text: '"one more"' }] },
    ...value.items.flatMap((item, at) =>
      realEditsOf(item).map((next): Plain => ({ ...value, items: value.items.with(at, next) })),
    ),
  ]
}
