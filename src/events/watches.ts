import { wholeFile } from '../platform/platform.ts'
import { watchDirectory } from './watch-directory.ts'
import type { WatcherHealth } from './source.ts'
import { describeTroubles } from './troubles.ts'
import type { KernelLimits, Trouble, TroubleCode } from './troubles.ts'
import type { DirectoryNode } from './tree.ts'

type OnNoticed = (node: DirectoryNode, name: string | null) => void

/** The watches held, and the book of directories that have none. */
export class Watches {
  readonly #onNoticed: OnNoticed
  readonly #troubles = new Map<DirectoryNode, TroubleCode>()
  #open = 0
  /** The book changed since it was last put into words. */
  #stale = false
  #degraded: WatcherHealth['degraded'] = null

  constructor(onNoticed: OnNoticed) {
    this.#onNoticed = onNoticed
  }

  get open(): number {
    return this.#open
  }

  get degraded(): WatcherHealth['degraded'] {
    return this.#degraded
  }

  /** false: it is gone. A directory that is there but cannot be watched has a trouble from now on. */
  watch(node: DirectoryNode, path: string): boolean {
    if (node.watch !== null) return true
    const answer = watchDirectory(
      path,
      (name) => this.#onNoticed(node, name),
      (code) => this.#lose(node, code),
    )
    if ('ok' in answer) {
      node.watch = answer.ok
      this.#open += 1
      this.heal(node)
      return true
    }
    if (answer.failed === 'gone') return false
    this.trouble(node, answer.code)
    return true
  }

  unwatch(node: DirectoryNode): void {
    this.heal(node)
    if (node.watch === null) return
    node.watch.close()
    node.watch = null
    this.#open -= 1
  }

  #lose(node: DirectoryNode, code: string): void {
    if (node.kind === 'gone') return
    this.unwatch(node)
    this.trouble(node, code)
  }

  trouble(node: DirectoryNode, code: TroubleCode): void {
    if (this.#troubles.get(node) !== code) this.#stale = true
    this.#troubles.set(node, code)
  }

  heal(node: DirectoryNode): void {
    if (this.#troubles.delete(node)) this.#stale = true
  }

  hasTrouble(node: DirectoryNode): boolean {
    return this.#troubles.has(node)
  }

  /** The directories in trouble, those of each code together. */
  troubled(): ReadonlyMap<TroubleCode, readonly DirectoryNode[]> {
    const byCode = new Map<TroubleCode, DirectoryNode[]>()
    for (const [node, code] of this.#troubles) {
      const nodes = byCode.get(code)
      if (nodes === undefined) byCode.set(code, [node])
      else nodes.push(node)
    }
    return byCode
  }

  /** Puts the book into words. Whether they changed since the last call. @param known directories in the tree. */
  assess(known: number): boolean {
    if (!this.#stale) return false
    this.#stale = false
    const troubles: Trouble[] = []
    for (const [code, nodes] of this.troubled()) {
      const first = nodes[0]
      if (first !== undefined) troubles.push({ code, count: nodes.length, path: first.path })
    }
    const before = this.#degraded
    this.#degraded = troubles.length === 0 ? null : describeTroubles(troubles, known, readLimits())
    return this.#degraded?.reason !== before?.reason
  }
}

/** As the system says now. */
export function readLimits(): KernelLimits {
  return {
    watches: readNumber('/proc/sys/fs/inotify/max_user_watches'),
    watchesHere: readNumber('/proc/sys/user/max_inotify_watches'),
    instances: readNumber('/proc/sys/fs/inotify/max_user_instances'),
    instancesHere: readNumber('/proc/sys/user/max_inotify_instances'),
  }
}

function readNumber(path: string): number | null {
  const text = wholeFile.read(path)
  return text === null || !/^\d+\s*$/.test(text) ? null : Number(text)
}
