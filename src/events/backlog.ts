import type { DirectoryNode } from './tree.ts'

/** Directories with something to look at, first come first served, and how many names that is in all. */
export class Backlog {
  readonly #waiting = new Set<DirectoryNode>()
  #names = 0

  get names(): number {
    return this.#names
  }

  isEmpty(): boolean {
    return this.#waiting.size === 0
  }

  /** The directory that waits longest, or null. */
  first(): DirectoryNode | null {
    for (const node of this.#waiting) return node
    return null
  }

  add(node: DirectoryNode): void {
    this.#waiting.add(node)
  }

  /** `renamed`: the name may stand for another entry than before. That is remembered until it was looked at. */
  addName(node: DirectoryNode, name: string, renamed: boolean): void {
    const known = node.names.get(name)
    if (known === undefined) this.#names += 1
    node.names.set(name, renamed || known === true)
    this.#waiting.add(node)
  }

  /** Takes one name out, so that what happens from now on counts anew. Null when there is none. */
  takeName(node: DirectoryNode): { readonly name: string; readonly renamed: boolean } | null {
    for (const [name, renamed] of node.names) {
      node.names.delete(name)
      this.#names -= 1
      return { name, renamed }
    }
    return null
  }

  clearNames(node: DirectoryNode): void {
    this.#names -= node.names.size
    node.names.clear()
  }

  clearAllNames(): void {
    for (const node of this.#waiting) node.names.clear()
    this.#names = 0
  }

  done(node: DirectoryNode): void {
    this.clearNames(node)
    this.#waiting.delete(node)
  }
}
