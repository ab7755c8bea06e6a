import { posix } from 'node:path'
import { SyncError } from '../errors.ts'
import type { Clock } from '../platform/platform.ts'
import type { DiskEntry, PathBytes } from '../types.ts'
import { Backlog } from './backlog.ts'
import { look } from './disk.ts'
import { processDrain } from './drain.ts'
import { Forest } from './forest.ts'
import { childPath, isGitName } from './normalize.ts'
import { createOutbox } from './outbox.ts'
import type { Outbox } from './outbox.ts'
import { Pass } from './pass.ts'
import { defaultLimits } from './source.ts'
import type { EventBatch, EventLimits, EventSource, EventSourceOptions, WatcherHealth } from './source.ts'
import { findNode, withDescendants } from './tree.ts'
import type { DirectoryNode } from './tree.ts'
import { Watches } from './watches.ts'

/** Longest stretch of looking before other work of the process has its turn. */
const sliceMs = 20
/** Rest between two runs, in which events of one path gather. */
const restMs = 10
/** How often a vanished root is looked for. */
const rootGoneCheckMs = 1_000

/**
 * One `fs.watch` a directory, and looking: a callback only marks what to look at, the worker looks. Order is what makes
 * it complete: a directory is watched before it is read, and a mark is cleared before the look that answers it.
 */
export class InotifySource implements EventSource {
  readonly #options: EventSourceOptions
  readonly #clock: Clock
  readonly #limits: EventLimits
  readonly #backlog = new Backlog()
  readonly #outbox: Outbox
  readonly #pass: Pass
  readonly #watches: Watches
  readonly #forest: Forest
  readonly #drain = processDrain()
  readonly #stopListening: () => void
  #cancelRun: (() => void) | null = null
  #cancelCheck: (() => void) | null = null
  #cancelPass: (() => void) | null = null
  #lastRunMs = Number.NEGATIVE_INFINITY
  #readyTold = false
  #closed = false

  constructor(options: EventSourceOptions) {
    this.#options = options
    this.#clock = options.clock
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#outbox = createOutbox(this.#limits.eventsMax)
    this.#pass = new Pass((reason) => {
      if (reason !== null) this.#outbox.wantRescan(reason)
    })
    this.#watches = new Watches((node, name) => this.#noticed(node, name))
    const parts = {
      rootPath: Buffer.from(options.root, 'utf8').toString('latin1').replace(/\/+$/, ''),
      skip: options.skip,
      directoriesMax: this.#limits.directoriesMax,
      watches: this.#watches,
      backlog: this.#backlog,
      pass: this.#pass,
    }
    this.#forest = new Forest(parts, options.clock.nowMs())
    this.#stopListening = this.#drain.listen(() => this.#readAllAgain("the kernel's event queue overflowed"))
  }

  async start(): Promise<void> {
    const identity = this.#forest.identityOf(this.#forest.root)
    if ('failed' in identity) {
      const why = identity.failed === 'gone' ? 'is not a folder' : `cannot be read (${identity.code})`
      throw new SyncError('system', `${this.#options.root} ${why}`, 'name an existing folder that you may read')
    }
    this.#forest.root.identity = identity.ok
    this.#readAgain(null, [this.#forest.root])
    this.#check()
    await this.#pass.wait()
  }

  take(): EventBatch {
    this.#readyTold = false
    return this.#outbox.take()
  }

  health(): WatcherHealth {
    return { name: 'inotify', directories: this.#watches.open, degraded: this.#watches.degraded }
  }

  prune(directory: PathBytes): void {
    this.#outbox.forget(directory)
    const node = findNode(this.#forest.root, directory)
    if (node === null || node.parent === null) return
    this.#forest.forgetBelow(node)
    this.#forest.silence(node)
    node.kind = 'pruned'
    this.#schedule(0)
  }

  unwatched(): ReturnType<EventSource['unwatched']> {
    return this.#forest.unwatched()
  }

  watch(directory: PathBytes): void {
    const parent = this.#closed ? null : this.#forest.claim(directory)
    if (parent === null) return
    this.#wantLook(parent, posix.basename(directory))
    this.#schedule(0)
  }

  async rewatch(): Promise<void> {
    if (this.#closed) return
    const nodes = withDescendants(this.#forest.root)
    for (const node of nodes) if (node.kind === 'pruned') this.#forest.forget(node)
    this.#readAgain('what git ignores changed', nodes)
    await this.#pass.wait()
  }

  close(): void {
    this.#closed = true
    for (const cancel of [this.#cancelRun, this.#cancelCheck, this.#cancelPass]) cancel?.()
    this.#stopListening()
    this.#forest.forgetBelow(this.#forest.root)
    this.#forest.silence(this.#forest.root)
    this.#pass.release()
  }

  #noticed(node: DirectoryNode, name: string | null): void {
    this.#drain.count()
    if (node.kind === 'gone' || this.#closed) return
    node.noticedAtMs = this.#clock.nowMs()
    if (name === null) return this.#readAllAgain('the system did not say which file changed')
    if (isGitName(name)) {
      // A repository inside came or went: that decides whether what lies here is ours.
      if (name === '.git' && node.parent !== null) this.#void(node, node.parent)
      return
    }
    // The directory's own base name: an event about itself, or about an entry that is named like it.
    if (name === node.name) {
      node.needsIdentity = true
      this.#backlog.add(node)
    }
    if (node.kind === 'plain') {
      this.#options.onNoticed?.(childPath(node.path, name))
      this.#wantLook(node, name)
    }
    if (!this.#backlog.isEmpty()) this.#schedule(restMs)
  }

  /** What is known of the directory no longer holds: its parent looks at its name again. */
  #void(node: DirectoryNode, parent: DirectoryNode): void {
    node.identity = ''
    parent.noticedAtMs = node.noticedAtMs
    this.#wantLook(parent, node.name)
    this.#schedule(restMs)
  }

  #wantLook(node: DirectoryNode, name: string): void {
    this.#backlog.addName(node, name)
    if (this.#backlog.names <= this.#limits.namesMax) return
    this.#backlog.clearAllNames()
    this.#readAllAgain(`more than ${this.#limits.namesMax} names waited to be looked at`)
  }

  #readAllAgain(reason: string): void {
    if (this.#closed || this.#cancelPass !== null) return
    this.#cancelPass = this.#clock.after(this.#pass.restMs(this.#clock.monotonicMs()), () => {
      this.#cancelPass = null
      this.#readAgain(reason, withDescendants(this.#forest.root))
    })
  }

  #readAgain(reason: string | null, nodes: readonly DirectoryNode[]): void {
    this.#pass.begin(reason, this.#clock.monotonicMs())
    for (const node of nodes) {
      if (node.kind === 'pruned' || node.kind === 'gone') continue
      this.#pass.join(node)
      node.needsRead = true
      this.#backlog.add(node)
    }
    this.#schedule(0)
  }

  /** @param sinceLastMs how long after the last run, at the earliest. */
  #schedule(sinceLastMs: number): void {
    if (this.#closed || this.#cancelRun !== null) return
    const delayMs = this.#lastRunMs + sinceLastMs - this.#clock.monotonicMs()
    this.#cancelRun = this.#clock.after(Math.max(0, delayMs), () => this.#run())
  }

  #run(): void {
    this.#cancelRun = null
    const untilMs = this.#clock.monotonicMs() + sliceMs
    let node = this.#backlog.first()
    while (node !== null && this.#clock.monotonicMs() < untilMs) {
      this.#serve(node, untilMs)
      node = this.#backlog.first()
    }
    this.#lastRunMs = this.#clock.monotonicMs()
    if (node !== null) this.#schedule(0)
    this.#pass.settle(this.#lastRunMs)
    this.#tellReady()
  }

  #tellReady(): void {
    const healthChanged = this.#watches.assess(this.#forest.known)
    if ((!healthChanged && this.#outbox.isEmpty()) || this.#readyTold) return
    this.#readyTold = true
    this.#options.onReady()
  }

  #serve(node: DirectoryNode, untilMs: number): void {
    if (node.needsIdentity && !this.#isSame(node)) return
    if (node.needsRead) {
      const reading = this.#forest.read(node)
      if (reading.kind !== 'names') return this.#giveUp(node, reading.kind)
      for (const name of reading.names) {
        // Written before the new directory was watched: the system tells of nothing in it.
        if (!node.inPass) this.#options.onNoticed?.(childPath(node.path, name))
        this.#wantLook(node, name)
      }
    }
    let name = this.#backlog.takeName(node)
    while (name !== null) {
      this.#lookAtName(node, name)
      // What is left is served first in the next slice.
      if (this.#clock.monotonicMs() >= untilMs) return
      name = this.#backlog.takeName(node)
    }
    this.#backlog.done(node)
  }

  /** Whether the directory is still the one that is watched. */
  #isSame(node: DirectoryNode): boolean {
    node.needsIdentity = false
    const identity = this.#forest.identityOf(node)
    if ('ok' in identity ? identity.ok === node.identity : identity.failed === 'refused') return true
    this.#giveUp(node, 'replaced')
    return false
  }

  #giveUp(node: DirectoryNode, why: 'gone' | 'replaced'): void {
    const { parent, name, inPass } = node
    if (parent === null) return this.#checkRoot()
    this.#forest.forget(node)
    if (why === 'gone') return
    if (!inPass) return this.#wantLook(parent, name)
    const fresh = this.#forest.adopt(parent, name)
    if (fresh !== null) this.#pass.join(fresh)
  }

  #lookAtName(node: DirectoryNode, name: string): void {
    const path = childPath(node.path, name)
    const answer = look(this.#forest.pathOf(path))
    if (!('ok' in answer)) {
      if (answer.failed === 'refused') this.#watches.trouble(node, answer.code)
      return
    }
    const child = node.children.get(name)
    if (answer.ok?.kind === 'directory') return this.#foundDirectory(node, name, answer.ok)
    if (child !== undefined) this.#forest.forget(child)
    this.#outbox.put({ path, atMs: node.noticedAtMs, entry: answer.ok })
  }

  #foundDirectory(node: DirectoryNode, name: string, entry: DiskEntry): void {
    const path = childPath(node.path, name)
    const child = node.children.get(name)
    const isSkipped = this.#options.skip(path)
    // Only its attributes: reading all below again would make `rsync -a` and `tar` quadratic in the depth.
    const isNew = child === undefined || !this.#forest.isIntact(child)
    if (!isSkipped) this.#outbox.put({ path, atMs: node.noticedAtMs, entry, isNew })
    if (!isSkipped && !isNew) return
    if (child !== undefined) this.#forest.forget(child)
    if (!isSkipped) this.#forest.adopt(node, name)
  }

  #checkRoot(): void {
    const state = this.#forest.checkRoot()
    if (state === 'replaced') this.#readAgain('the workspace folder was replaced', [this.#forest.root])
    else this.#schedule(0)
  }

  #check(): void {
    this.#checkRoot()
    const recovered = this.#forest.recovered()
    if (recovered.length > 0) this.#readAgain('directories could be watched again', recovered)
    const isGone = this.#forest.root.identity === ''
    this.#cancelCheck = this.#clock.after(
      isGone ? Math.min(rootGoneCheckMs, this.#limits.checkMs) : this.#limits.checkMs,
      () => this.#check(),
    )
  }
}
