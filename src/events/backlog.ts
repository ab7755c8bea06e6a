import type { DirectoryNode } from './tree.ts'

/**
 * Directories with something to look at, and how many names that is in all. First come first served: so of directories
 * that changed places all are forgotten before any is watched at its new place, where libuv would share the old watch.
 */
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

  addName(node: DirectoryNode, name: string): void {
    node.names ??= new Set()
    if (!node.names.has(name)) this.#names += 1
    node.names.add(name)
    this.#waiting.add(node)
  }

  /** Takes one name out, so that what happens from now on counts anew. Null when there is none. */
  takeName(node: DirectoryNode): string | null {
    for (const name of node.names ?? []) {
      node.names?.delete(name)
      this.#names -= 1
      return name
    }
    return null
  }

  clearNames(node: DirectoryNode): void {
    this.#names -= node.names?.size ?? 0
    node.names = null
  }

  clearAllNames(): void {
    for (const node of this.#waiting) node.names = null
    this.#names = 0
  }

  done(node: DirectoryNode): void {
    this.clearNames(node)
    this.#waiting.delete(node)
  }
}
