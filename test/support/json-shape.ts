import { readFileSync } from 'node:fs'
import { expect } from 'vitest'

/**
 * The shape that the README promises for `--json` of a command, compared with what the command printed: the same
 * members, none missing and none more, texts among the values listed, arrays member by member.
 */
export function expectShape(command: string, value: unknown): void {
  const shape = documentedShapes().get(command)
  expect(shape, `the README's table of JSON lists "${command}"`).toBeDefined()
  expect(faults(parsed(shape ?? ''), value, command)).toEqual([])
}

/** Shapes by command, as written in the README's table. */
export function documentedShapes(): ReadonlyMap<string, string> {
  const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
  const section = /^### JSON\n([\s\S]*?)^## /m.exec(readme)?.[1] ?? ''
  const rows = section.matchAll(/^\| `([^`]+)`\s*\| `([^`]+)`\s*\|$/gm)
  return new Map([...rows].map(([, command = '', shape = '']) => [command, shape.replaceAll('\\|', '|')]))
}

type Shape =
  | { readonly kind: 'anything' }
  | { readonly kind: 'text'; readonly values: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape | null }
  | { readonly kind: 'object'; readonly members: ReadonlyMap<string, Shape> }
  | { readonly kind: 'map'; readonly of: Shape }
  | { readonly kind: 'nullable'; readonly of: Shape }

/** The notation: JSON in which a member may stand without a value, `|null` behind one, and `<…>` for any name. */
function parsed(text: string): Shape {
  let at = 0
  const take = (token: string): boolean => {
    if (!text.startsWith(token, at)) return false
    at += token.length
    return true
  }
  const must = (token: string): void => {
    if (!take(token)) throw new Error(`the shape has no ${token} at ${at}: ${text.slice(at, at + 30)}`)
  }
  const quoted = (): string => {
    must('"')
    const end = text.indexOf('"', at)
    const inside = text.slice(at, end)
    at = end + 1
    return inside
  }
  const object = (): Shape => {
    const members = new Map<string, Shape>()
    while (!take('}')) {
      const name = quoted()
      members.set(name, take(':') ? shape() : { kind: 'anything' })
      take(',')
    }
    const [[name = '', of] = []] = members
    return members.size === 1 && name.startsWith('<') && of !== undefined
      ? { kind: 'map', of }
      : { kind: 'object', members }
  }
  const list = (): Shape => {
    if (take(']')) return { kind: 'list', of: null }
    const of = shape()
    must(']')
    return { kind: 'list', of }
  }
  const shape = (): Shape => {
    const plain: Shape = take('{') ? object() : take('[') ? list() : { kind: 'text', values: quoted().split('|') }
    return take('|null') ? { kind: 'nullable', of: plain } : plain
  }
  const whole = shape()
  if (at !== text.length) throw new Error(`the shape goes on behind its end: ${text.slice(at)}`)
  return whole
}

function faults(shape: Shape, value: unknown, where: string): readonly string[] {
  switch (shape.kind) {
    case 'anything':
      return value === undefined ? [`${where} is missing`] : []
    case 'nullable':
      return value === null ? [] : faults(shape.of, value, where)
    case 'text':
      return typeof value === 'string' && shape.values.includes(value) ? [] : [`${where} is ${JSON.stringify(value)}`]
    case 'list': {
      const { of } = shape
      if (!Array.isArray(value)) return [`${where} is no list`]
      return of === null ? [] : value.flatMap((one, index) => faults(of, one, `${where}[${index}]`))
    }
    case 'map': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${where} is no object`]
      const given = Object.entries(value)
      if (given.length === 0) return [`${where} has no member`]
      return given.flatMap(([name, one]) => faults(shape.of, one, `${where}.${name}`))
    }
    case 'object': {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${where} is no object`]
      const given = value as Readonly<Record<string, unknown>>
      const more = Object.keys(given).filter((name) => !shape.members.has(name))
      const found = [...shape.members].flatMap(([name, of]) => faults(of, given[name], `${where}.${name}`))
      return [...found, ...more.map((name) => `${where}.${name} is not in the README`)]
    }
  }
}
