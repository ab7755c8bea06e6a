/**
 * Finds the rules that can match a path without trying them all. A tree of the literal directories that patterns begin
 * with; in each node the rest is filed by the most telling literal part that it has. What has none is tried in turn.
 */

import { patternMatches } from './globs.ts'
import type { Pattern } from './globs.ts'

/** Lower order wins. */
export interface Entry {
  readonly order: number
  readonly pattern: Pattern
}

type Shelf = Map<string, Entry[]>

interface Node {
  readonly children: Map<string, Node>
  /** By the literal last name. */
  readonly byName: Shelf
  /** By a literal name in the middle, at whatever depth below. */
  readonly byDirectory: Shelf
  /** By what follows the last dot of the last name. */
  readonly byExtension: Shelf
  /** By the first character of the last name. */
  readonly byFirst: Shelf
  readonly rest: Entry[]
}

export class RuleIndex {
  private readonly root = emptyNode()

  /** @param entries in ascending order */
  constructor(entries: readonly Entry[]) {
    for (const entry of entries) insert(this.root, entry)
  }

  /** The order of the winner, or Infinity. */
  best(names: readonly string[]): number {
    const name = names.at(-1) ?? ''
    const dot = name.lastIndexOf('.')
    const extension = dot < 0 ? null : name.slice(dot + 1)
    const first = name.charAt(0)
    let best = Infinity
    let node: Node | undefined = this.root
    for (let depth = 0; node !== undefined; depth += 1) {
      best = firstMatch(node.byName.get(name), names, best)
      if (extension !== null) best = firstMatch(node.byExtension.get(extension), names, best)
      if (node.byFirst.size > 0) best = firstMatch(node.byFirst.get(first), names, best)
      if (node.byDirectory.size > 0) {
        for (let at = depth; at < names.length; at += 1) {
          best = firstMatch(node.byDirectory.get(names[at] ?? ''), names, best)
        }
      }
      best = firstMatch(node.rest, names, best)
      const next: string | undefined = names[depth]
      node = next === undefined ? undefined : node.children.get(next)
    }
    return best
  }
}

function firstMatch(entries: readonly Entry[] | undefined, names: readonly string[], best: number): number {
  if (entries === undefined) return best
  for (const entry of entries) {
    if (entry.order >= best) return best
    if (patternMatches(entry.pattern, names)) return entry.order
  }
  return best
}

function emptyNode(): Node {
  return {
    children: new Map(),
    byName: new Map(),
    byDirectory: new Map(),
    byExtension: new Map(),
    byFirst: new Map(),
    rest: [],
  }
}

function insert(root: Node, entry: Entry): void {
  const { segments } = entry.pattern
  let node = root
  let depth = 0
  for (; depth < segments.length - 1; depth += 1) {
    const segment = segments[depth]
    if (segment?.kind !== 'literal') break
    const child = node.children.get(segment.text) ?? emptyNode()
    node.children.set(segment.text, child)
    node = child
  }
  const last = segments.at(-1)
  if (last?.kind === 'literal') return file(node.byName, last.text, entry)
  const directory = segments.slice(depth).find((segment) => segment.kind === 'literal')
  if (directory !== undefined) return file(node.byDirectory, directory.text, entry)
  if (last?.kind === 'affix' || last?.kind === 'tokens') {
    const dot = last.suffix.lastIndexOf('.')
    if (dot >= 0) return file(node.byExtension, last.suffix.slice(dot + 1), entry)
    if (last.prefix !== '') return file(node.byFirst, last.prefix.charAt(0), entry)
  }
  node.rest.push(entry)
}

function file(shelf: Shelf, key: string, entry: Entry): void {
  const entries = shelf.get(key)
  if (entries === undefined) shelf.set(key, [entry])
  else entries.push(entry)
}
