import type { PathBytes } from '../types.ts'
import { childPath } from './normalize.ts'

/**
 * nested: holds a repository of its own, so only the coming and going of its `.git` is of interest. pruned: ignored,
 * not watched. gone: no longer part of the tree; whoever still holds the node leaves it alone.
 */
export type DirectoryKind = 'plain' | 'nested' | 'pruned' | 'gone'

/** One known directory. Holds no file names: what changed is found by looking, not by comparing with a memory. */
export interface DirectoryNode {
  readonly parent: DirectoryNode | null
  readonly name: string
  readonly path: PathBytes
  /** Changed by `attach` and `detach` only. */
  children: ReadonlyMap<string, DirectoryNode>
  kind: DirectoryKind
  /**
   * Device, inode and birth time (ext4 gives a re-created directory the old inode); '' until it was read. Taken before
   * the watch: if another directory slips in between, the next look at the name finds that the two differ.
   */
  identity: string
  watch: { close(): void } | null
  /** Wall clock of the last thing noticed here, milliseconds. */
  noticedAtMs: number
  /** Entries to look at. */
  names: Set<string> | null
  needsRead: boolean
  /** An event may have been about the directory itself. */
  needsIdentity: boolean
  /** Part of a pass over known directories: what is read is not told, because a reconcile follows the pass. */
  inPass: boolean
}

/** Most directories hold no directory, and an empty map each would be 2 MB for 10,000 of them. */
const noChildren: ReadonlyMap<string, DirectoryNode> = new Map()

export function createNode(parent: DirectoryNode | null, name: string, noticedAtMs: number): DirectoryNode {
  return {
    parent,
    name,
    path: parent === null ? ('' as PathBytes) : childPath(parent.path, name),
    children: noChildren,
    kind: 'plain',
    identity: '',
    watch: null,
    noticedAtMs,
    names: null,
    needsRead: false,
    needsIdentity: false,
    inPass: false,
  }
}

export function attach(parent: DirectoryNode, child: DirectoryNode): void {
  if (parent.children === noChildren) parent.children = new Map()
  ;(parent.children as Map<string, DirectoryNode>).set(child.name, child)
}

/** Its name may stand for a newer directory already, which stays. */
export function detach(child: DirectoryNode): void {
  const siblings = child.parent?.children
  if (siblings?.get(child.name) === child) (siblings as Map<string, DirectoryNode>).delete(child.name)
}

/** The known directory at `path`, or null. */
export function findNode(root: DirectoryNode, path: PathBytes): DirectoryNode | null {
  let node: DirectoryNode | undefined = root
  if (path === '') return root
  for (const name of path.split('/')) {
    node = node.children.get(name)
    if (node === undefined) return null
  }
  return node
}

/** `top` and every directory below it. A list, so that the tree may change while it is walked. */
export function withDescendants(top: DirectoryNode): readonly DirectoryNode[] {
  const found = [top]
  // The list grows while it is walked; no recursion, since a tree may be thousands of levels deep.
  for (const node of found) for (const child of node.children.values()) found.push(child)
  return found
}
