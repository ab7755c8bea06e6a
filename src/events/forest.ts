import { basename } from 'node:path'
import type { PathBytes } from '../types.ts'
import type { Backlog } from './backlog.ts'
import { identify, identifyRoot, isSearchable, list } from './disk.ts'
import type { Answer } from './attempt.ts'
import type { Listing } from './disk.ts'
import { childPath, parentPath } from './normalize.ts'
import type { Pass } from './pass.ts'
import { attach, createNode, detach, findNode, withDescendants } from './tree.ts'
import type { DirectoryNode } from './tree.ts'
import { rootGone, tooManyDirectories } from './troubles.ts'
import type { Watches } from './watches.ts'

export interface ForestParts {
  /** Absolute, one byte per unit. */
  readonly rootPath: string
  readonly skip: (directory: PathBytes) => boolean
  readonly directoriesMax: number
  readonly watches: Watches
  readonly backlog: Backlog
  readonly pass: Pass
}

/**
 * What reading a directory gave: names that must be looked at; or nothing is there, its parent is told by an event
 * of its own; or another directory took its place, which an overflow may have hidden.
 */
export type Reading =
  | { readonly kind: 'names'; readonly names: readonly string[] }
  | { readonly kind: 'gone' }
  | { readonly kind: 'replaced' }

/** The known directories: each is watched, and then read, so that nothing falls between. */
export class Forest {
  readonly root: DirectoryNode
  readonly #parts: ForestParts
  /** Part of the workspace although something in them is called `.git`. */
  readonly #ours = new Set<PathBytes>()
  #known = 1

  constructor(parts: ForestParts, nowMs: number) {
    this.#parts = parts
    this.root = createNode(null, basename(parts.rootPath), nowMs)
  }

  get known(): number {
    return this.#known
  }

  pathOf(path: PathBytes): string {
    return path === '' ? this.#parts.rootPath : `${this.#parts.rootPath}/${path}`
  }

  identityOf(node: DirectoryNode): Answer<string> {
    return node === this.root ? identifyRoot(this.#parts.rootPath) : identify(this.pathOf(node.path))
  }

  /** A directory that nobody knew. It is watched when it is read. Null: there are too many. */
  adopt(parent: DirectoryNode, name: string): DirectoryNode | null {
    if (this.#known >= this.#parts.directoriesMax) {
      this.#parts.watches.trouble(parent, tooManyDirectories)
      return null
    }
    const node = createNode(parent, name, parent.noticedAtMs)
    attach(parent, node)
    this.#known += 1
    node.needsRead = true
    this.#parts.backlog.add(node)
    return node
  }

  /** Not part of the tree any more, with all below. */
  forget(node: DirectoryNode): void {
    for (const each of withDescendants(node)) {
      this.silence(each)
      each.kind = 'gone'
      this.#known -= 1
    }
    detach(node)
  }

  forgetBelow(node: DirectoryNode): void {
    for (const child of node.children.values()) this.forget(child)
  }

  /** Its watch is closed and what was to be looked at in it is dropped. */
  silence(node: DirectoryNode): void {
    this.#parts.watches.unwatch(node)
    this.#parts.backlog.done(node)
    this.#parts.pass.leave(node)
    node.needsRead = false
    node.needsIdentity = false
  }

  /** Watches a directory, then reads it. In a pass no name is given: a reconcile follows the pass. */
  read(node: DirectoryNode): Reading {
    node.needsRead = false
    const identity = this.identityOf(node)
    if ('ok' in identity) {
      if (node.identity !== '' && node.identity !== identity.ok) return { kind: 'replaced' }
      node.identity = identity.ok
    } else if (identity.failed === 'gone') return { kind: 'gone' }
    if (!this.#parts.watches.watch(node, this.pathOf(node.path))) return { kind: 'gone' }
    const listing = list(this.pathOf(node.path), node.inPass ? 'directories' : 'all')
    if ('failed' in listing) {
      if (listing.failed === 'gone') return { kind: 'gone' }
      this.#parts.watches.trouble(node, listing.code)
      this.#parts.pass.leave(node)
      return { kind: 'names', names: [] }
    }
    if (node.watch !== null) this.#parts.watches.heal(node)
    return this.#sort(node, listing.ok)
  }

  #sort(node: DirectoryNode, listing: Listing): Reading {
    if (!listing.hasGit) this.#ours.delete(node.path)
    const isNested = node.parent !== null && listing.hasGit && !this.#ours.has(node.path)
    node.kind = isNested ? 'nested' : 'plain'
    const names = node.inPass || isNested ? [] : [...listing.directories, ...listing.others]
    if (isNested) this.forgetBelow(node)
    else if (node.inPass) this.#compare(node, listing.directories)
    this.#parts.pass.leave(node)
    return { kind: 'names', names }
  }

  /** Child directories that vanished are forgotten and unknown ones join the pass. Known ones are read on their own. */
  #compare(node: DirectoryNode, names: readonly string[]): void {
    const present = new Set<string>()
    for (const name of names) {
      if (this.#parts.skip(childPath(node.path, name))) continue
      present.add(name)
      if (node.children.has(name)) continue
      const child = this.adopt(node, name)
      if (child !== null) this.#parts.pass.join(child)
    }
    for (const child of node.children.values()) if (!present.has(child.name)) this.forget(child)
  }

  /** Part of the workspace whatever was thought of it. @returns the directory in which to look for it by name. */
  claim(directory: PathBytes): DirectoryNode | null {
    this.#ours.add(directory)
    const node = findNode(this.root, directory)
    if (node?.kind === 'plain') return null
    const parent = node?.parent ?? findNode(this.root, parentPath(directory))
    if (node !== null) this.forget(node)
    return parent?.kind === 'plain' ? parent : null
  }

  /** Directories of which nothing is told. */
  unwatched(): Readonly<Record<'pruned' | 'nested', readonly PathBytes[]>> {
    const nodes = withDescendants(this.root)
    const of = (kind: DirectoryNode['kind']): readonly PathBytes[] =>
      nodes.flatMap((node) => (node.kind === kind ? [node.path] : []))
    return { pruned: of('pruned'), nested: of('nested') }
  }

  /** Whether all that is known of it still holds: the same directory, watched, at the same place. */
  isIntact(node: DirectoryNode): boolean {
    const identity = this.identityOf(node)
    return 'ok' in identity && identity.ok === node.identity && !this.#parts.watches.hasTrouble(node)
  }

  /**
   * Looks whether the root is still the same directory.
   * gone: nothing below is known any more. replaced: as gone, and the new one is there to be read.
   */
  checkRoot(): 'same' | 'gone' | 'replaced' {
    const identity = this.identityOf(this.root)
    if ('failed' in identity && identity.failed === 'refused') {
      this.#parts.watches.trouble(this.root, identity.code)
      return 'same'
    }
    if ('ok' in identity && identity.ok === this.root.identity) return 'same'
    this.forgetBelow(this.root)
    this.silence(this.root)
    this.root.identity = 'ok' in identity ? identity.ok : ''
    if ('ok' in identity) return 'replaced'
    this.#parts.watches.trouble(this.root, rootGone)
    return 'gone'
  }

  /** Directories whose trouble is over, by trying one of each kind; the others of its kind are worth reading then. */
  recovered(): readonly DirectoryNode[] {
    const found: DirectoryNode[] = []
    for (const [code, nodes] of this.#parts.watches.troubled()) {
      const probe = nodes[0]
      if (probe === undefined || code === rootGone || code === 'ENAMETOOLONG') continue
      if (code === tooManyDirectories ? this.#known < this.#parts.directoriesMax : this.#isReadable(probe)) {
        found.push(...nodes)
      }
    }
    return found
  }

  #isReadable(node: DirectoryNode): boolean {
    const path = this.pathOf(node.path)
    return (
      this.#parts.watches.watch(node, path) &&
      node.watch !== null &&
      isSearchable(path) &&
      'ok' in list(path, 'directories')
    )
  }
}
