import { SyncError } from '../errors.ts'
import type { Clock } from '../platform/platform.ts'
import { pathText, type PathBytes } from '../types.ts'
import { identifyRoot, list, look } from './disk.ts'
import { childPath, isBelow, isGitName } from './normalize.ts'
import { createOutbox, type Outbox } from './outbox.ts'
import { ParcelKeeper } from './parcel-keeper.ts'
import { watchProcessStarter } from './parcel-process.ts'
import { defaultLimits } from './source.ts'
import type { EventBatch, EventLimits, EventSource, EventSourceOptions, WatcherHealth } from './source.ts'
import { describeParcelTrouble, rootGone } from './troubles.ts'
import { readLimits } from './watches.ts'

/** Longest stretch of looking before other work of the process has its turn. */
const sliceMs = 20
/** How often a vanished root is looked for. */
const rootGoneCheckMs = 1_000
/** Directories that the native watcher is told to leave out; it compares every event with each of them. */
const ignoredMax = 1_000
/** Directories pruned and not yet left out; what lies in more of them is told, and found to be ignored. */
const prunedMax = 10_000
const firstStart = 'the watcher was started'
/** The library would take such a name for a pattern. */
const patternSigns = /[*?[\]{}()!+@|\\]/

/**
 * `@parcel/watcher` in a process of its own. What it tells only marks names to look at. On Linux it never watches what
 * lies in a new directory, so it is renewed after each and the whole tree is compared then; elsewhere the system
 * itself watches all below the root.
 */
export class ParcelSource implements EventSource {
  readonly #options: EventSourceOptions
  readonly #clock: Clock
  readonly #limits: EventLimits
  readonly #outbox: Outbox
  readonly #keeper: ParcelKeeper
  readonly #rootPath: string
  readonly #isLinux: boolean
  readonly #marks = new Set<PathBytes>()
  readonly #pruned = new Set<PathBytes>()
  #rootIdentity = ''
  #cancelRun: (() => void) | null = null
  #cancelCheck: (() => void) | null = null
  #readyTold = false
  #closed = false

  constructor(options: EventSourceOptions, platform: string) {
    this.#options = options
    this.#clock = options.clock
    this.#limits = { ...defaultLimits, ...options.limits }
    this.#outbox = createOutbox(this.#limits.eventsMax)
    this.#rootPath = Buffer.from(options.root, 'utf8').toString('latin1').replace(/\/+$/, '')
    this.#isLinux = platform === 'linux'
    this.#keeper = new ParcelKeeper({
      clock: options.clock,
      start: watchProcessStarter(options.parcelChild),
      order: () => ({ root: options.root, ignored: this.#ignored() }),
      heard: ({ paths, missed }) => {
        for (const path of paths) this.#noticed(path)
        if (missed !== null) this.#rescan(missed)
      },
      watching: (reason) => {
        // The tree is compared at the start anyway.
        if (reason !== firstStart) this.#rescan(reason)
      },
      changed: () => this.#tellReady(),
    })
  }

  async start(): Promise<void> {
    const identity = identifyRoot(this.#rootPath)
    if ('failed' in identity) {
      const why = identity.failed === 'gone' ? 'is not a folder' : `cannot be read (${identity.code})`
      throw new SyncError('system', `${this.#options.root} ${why}`, 'name an existing folder that you may read')
    }
    this.#rootIdentity = identity.ok
    this.#checkLater()
    await this.#keeper.renew(firstStart)
  }

  take(): EventBatch {
    this.#readyTold = false
    return this.#outbox.take()
  }

  health(): WatcherHealth {
    const trouble = this.#rootIdentity === '' ? rootGone : this.#keeper.trouble
    const degraded = trouble === null ? null : describeParcelTrouble(trouble, readLimits(), this.#isLinux)
    return { name: 'parcel', directories: null, degraded }
  }

  prune(directory: PathBytes): void {
    this.#outbox.forget(directory)
    for (const path of this.#marks) if (isBelow(path, directory)) this.#marks.delete(path)
    if (this.#pruned.size < prunedMax) this.#pruned.add(directory)
  }

  unwatched(): ReturnType<EventSource['unwatched']> {
    return { pruned: [...this.#pruned], nested: [] }
  }

  watch(directory: PathBytes): void {
    this.#pruned.delete(directory)
    this.#mark(directory)
    // What it was told to leave out it leaves out until it is told anew.
    if (!this.#closed) this.#keeper.renewSoon('a directory is no longer ignored')
  }

  async rewatch(): Promise<void> {
    if (this.#closed || this.#rootIdentity === '') return
    this.#pruned.clear()
    await this.#keeper.renew('what git ignores changed')
  }

  close(): void {
    this.#closed = true
    for (const cancel of [this.#cancelRun, this.#cancelCheck]) cancel?.()
    this.#keeper.stop()
  }

  /** What the native watcher need not even watch: as much as can be said to it. */
  #ignored(): readonly string[] {
    return [...(this.#options.skipped?.() ?? []), ...this.#pruned]
      .map(pathText)
      .filter((text) => !text.includes('\ufffd') && !patternSigns.test(text))
      .slice(0, ignoredMax)
  }

  #noticed(text: string): void {
    // Bytes that are no UTF-8 are lost on the way, and with them which of two names it was.
    if (text.includes('\ufffd')) return this.#rescan('a name that is not UTF-8 changed')
    const path = Buffer.from(text, 'utf8').toString('latin1') as PathBytes
    const names = path.split('/')
    const git = names.findIndex(isGitName)
    // A repository inside came or went: that decides whether what lies beside it is ours.
    if (git > 0 && git === names.length - 1) this.#mark(names.slice(0, git).join('/') as PathBytes)
    else if (git < 0) {
      if (!this.#isLeftOut(path)) this.#options.onNoticed?.(path)
      this.#mark(path)
    }
  }

  #mark(path: PathBytes): void {
    if (this.#closed || this.#isLeftOut(path)) return
    this.#marks.add(path)
    if (this.#marks.size > this.#limits.namesMax) {
      this.#marks.clear()
      return this.#rescan(`more than ${this.#limits.namesMax} names waited to be looked at`)
    }
    this.#cancelRun ??= this.#clock.after(0, () => this.#run())
  }

  /** Whether it lies in a directory that is neither watched nor told about. */
  #isLeftOut(path: PathBytes): boolean {
    for (let at = path.indexOf('/'); at >= 0; at = path.indexOf('/', at + 1)) {
      const directory = path.slice(0, at) as PathBytes
      if (this.#pruned.has(directory) || this.#options.skip(directory)) return true
    }
    return false
  }

  #run(): void {
    this.#cancelRun = null
    const untilMs = this.#clock.monotonicMs() + sliceMs
    for (const path of this.#marks) {
      if (this.#clock.monotonicMs() >= untilMs) break
      // Before the look: what happens from now on marks it anew.
      this.#marks.delete(path)
      this.#lookAt(path)
    }
    if (this.#marks.size > 0) this.#cancelRun ??= this.#clock.after(0, () => this.#run())
    if (!this.#outbox.isEmpty()) this.#tellReady()
  }

  #lookAt(path: PathBytes): void {
    const answer = look(`${this.#rootPath}/${path}`)
    const entry = 'ok' in answer ? answer.ok : null
    const isDirectory = entry?.kind === 'directory'
    // What is told may have been made anew, so whether it is ignored is asked again.
    this.#pruned.delete(path)
    if (isDirectory && this.#options.skip(path)) return
    this.#outbox.put({ path, atMs: this.#clock.nowMs(), entry, ...(isDirectory ? { isNew: true } : {}) })
    if (isDirectory) this.#readDirectory(path)
  }

  /** It was made, moved here or changed; nobody tells what lies in it. */
  #readDirectory(path: PathBytes): void {
    if (this.#isLinux) this.#keeper.renewSoon('a directory appeared')
    const listing = list(`${this.#rootPath}/${path}`, 'all')
    if ('failed' in listing || listing.ok.hasGit) return
    for (const name of [...listing.ok.directories, ...listing.ok.others]) this.#mark(childPath(path, name))
  }

  #rescan(reason: string): void {
    this.#outbox.wantRescan(reason)
    this.#tellReady()
  }

  #tellReady(): void {
    if (this.#readyTold || this.#closed) return
    this.#readyTold = true
    this.#options.onReady()
  }

  #checkLater(): void {
    const isGone = this.#rootIdentity === ''
    const delayMs = isGone ? Math.min(rootGoneCheckMs, this.#limits.checkMs) : this.#limits.checkMs
    this.#cancelCheck = this.#clock.after(delayMs, () => {
      this.#checkRoot()
      this.#checkLater()
    })
  }

  #checkRoot(): void {
    const identity = identifyRoot(this.#rootPath)
    const now = 'ok' in identity ? identity.ok : identity.failed === 'gone' ? '' : this.#rootIdentity
    if (now === this.#rootIdentity) return
    this.#rootIdentity = now
    this.#keeper.stop()
    this.#marks.clear()
    if (now === '') this.#tellReady()
    else void this.#keeper.renew('the workspace folder was replaced')
  }
}
