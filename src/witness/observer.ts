import { processes, type Clock, type ProcessTable } from '../platform/platform.ts'
import type { PathBytes, Writer } from '../types.ts'
import type { Authors, KeptAuthorship } from './authors.ts'
import { treeBytes } from './account.ts'
import { Census } from './census.ts'
import { Inquiry, settleMs, type Looked } from './inquiry.ts'
import { isBuried, Roll } from './roll.ts'
import { Trees, type Declaration, type Tally, type WriterPatterns } from './trees.ts'
import { Movements } from './window.ts'

/** Between two samples: while events flow, and while a known writer lives and nothing happens. */
const sampleMs = 10
const restMs = 250
/** Events flow until so long after the last one. */
const flowMs = 2_000
/** Between two censuses while writes wait for one. */
const censusMs = 250
/** Who has come and gone is settled so often while anything is observed. */
const rollCallMs = 1_000
/** A roll that is too long for one turn is gone on with so soon. */
const rollAgainMs = 10
/** The wall clock was set when it differs by more than this from the one that never jumps. */
const jumpMs = 200

export interface ObserverInput {
  /** Absolute, of the workspace. */
  readonly root: string
  readonly clock: Clock
  readonly patterns: () => WriterPatterns
  /** Declared before this daemon was started. */
  readonly declared: readonly Declaration[]
  /** Every change from before the start was asked about. Without it: from the beginning. */
  readonly isTreeKnown?: () => boolean
  /** Known before this daemon was started. */
  readonly authors?: readonly KeptAuthorship[]
  /** A declared writer has ended with all that it started. */
  readonly onEnded: (declaration: Declaration) => void
  /** Writers became known of paths that were asked about before. */
  readonly onNews: (paths: readonly PathBytes[]) => void
  readonly table?: ProcessTable
  readonly ownPid?: number
}

/** Tiers T1 and T2: who wrote here, by what every process has written around the time of an event. */
export class Observer {
  readonly authors: Authors
  readonly #input: ObserverInput
  readonly #clock: Clock
  readonly #hasLedger: boolean
  readonly #roll: Roll
  readonly #trees: Trees
  readonly #census: Census
  readonly #movements: Movements
  readonly #inquiry: Inquiry
  readonly #ended = new Set<Declaration>()
  #lastEventMs = -Infinity
  #rollCalledMs = -Infinity
  #sampledMs = -Infinity
  #hasPerson = false
  #offsetMs: number
  #wake: { readonly atMs: number; readonly cancel: () => void } | null = null
  #closed = false

  constructor(input: ObserverInput) {
    const { clock, table = processes.table, ownPid = process.pid } = input
    this.#input = input
    this.#clock = clock
    this.#offsetMs = clock.nowMs() - clock.monotonicMs()
    this.#hasLedger = table.hasLedger
    this.#trees = new Trees(table, input.patterns, ownPid)
    this.#roll = new Roll(table, clock.nowMs(), this.#trees.adopt)
    this.#census = new Census(this.#roll, clock)
    const rootBytes = Buffer.from(input.root, 'utf8').toString('latin1').replace(/\/+$/, '')
    const fullPath = (path: string): string => `${rootBytes}/${path}`
    this.#movements = new Movements(this.#roll, this.#trees, table, fullPath)
    this.#inquiry = new Inquiry(this.#trees, this.#movements, fullPath, input.isTreeKnown ?? (() => true))
    this.authors = this.#inquiry.authors
    this.authors.restore(input.authors ?? [])
    for (const declaration of input.declared) this.#trees.declare(declaration)
    if (this.#hasLedger) this.#wakeAt(clock.nowMs())
  }

  /** The watcher heard of something at `path`, and nobody has looked yet. To be called as early as can be. */
  noticed(path: PathBytes): void {
    const nowMs = this.#clock.nowMs()
    this.#lastEventMs = nowMs
    if (this.#isWatchful() && this.#inquiry.notice(path, nowMs)) return this.#wakeAt(nowMs + settleMs)
    this.authors.claim(path, null, 'unknown')
    if (this.#hasLedger) this.#wakeAt(Math.max(nowMs, this.#rollCalledMs + rollCallMs))
  }

  /** Finds out now what can be found out about writes that are still being looked into. */
  settle(paths: readonly PathBytes[] | 'all'): void {
    if (paths !== 'all' && !paths.some((path) => this.#inquiry.isOpen(path))) return
    // No census would ever be later than a window of the time before the clock was set back.
    if (this.#hasJumped(this.#clock.nowMs())) return this.#startAfresh()
    this.#sample()
    this.#inquiry.open(this.#inquiry.ripe(Infinity), this.#looked())
    while (this.#inquiry.dueMs() < Infinity) {
      this.#census.finish()
      this.#settleWindows()
    }
  }

  /**
   * From now on all that the declared process starts is this writer.
   * @returns whether that process lives, and can be told from others.
   */
  declare(declaration: Declaration): boolean {
    if (!this.#hasLedger) return false
    this.#roll.refresh(this.#clock.nowMs())
    const account = this.#roll.add(declaration.root.pid)
    if (account?.startTick !== declaration.root.startTick) return false
    const { noise } = this.#trees.declare(declaration)
    this.#trees.adopt(account, this.#roll)
    this.#sample()
    // What was written so far, by it or by strangers, is not of any write to come.
    noise.clear()
    this.#census.finish()
    this.#wakeAt(this.#clock.nowMs() + sampleMs)
    return true
  }

  /** The configured names are others from now on. */
  renamed(): void {
    if (!this.#hasLedger) return
    this.#roll.refresh(this.#clock.nowMs())
    this.#trees.renamed(this.#roll)
    this.#wakeAt(this.#clock.nowMs() + sampleMs)
  }

  /** A declared process has written so many bytes to this daemon, and to no file. */
  heard(pid: number, bytes: number): void {
    const tree = this.#roll.living(pid)?.tree ?? null
    if (tree !== null) this.#inquiry.explain({ tree, atMs: this.#clock.nowMs(), bytes, overheads: 0 })
  }

  /** Of the living writer that this process belongs to; null: to none. */
  tallyOf(pid: number): Tally | null {
    const tree = this.#trees.get(this.#roll.living(pid)?.tree ?? '')
    return tree === null ? null : { ...tree.tally }
  }

  /** False: nobody can be named here, for the system does not say what programs write. */
  get canName(): boolean {
    return this.#hasLedger
  }

  /** Known writers of whom a process lives. */
  writers(): readonly Writer[] {
    return this.#trees.living().map(({ writer }) => writer)
  }

  close(): void {
    this.#closed = true
    this.#wake?.cancel()
    this.#roll.close()
  }

  #isWatchful(): boolean {
    return this.#hasPerson || this.#trees.hasLiving()
  }

  /** A write is still being looked into, if only of a writer that has just ended. */
  #isLooking(): boolean {
    return this.#inquiry.hasNoticed() || this.#inquiry.dueMs() < Infinity
  }

  #wakeAt(atMs: number): void {
    if (this.#closed || (this.#wake !== null && this.#wake.atMs <= atMs)) return
    this.#wake?.cancel()
    const cancel = this.#clock.after(Math.max(0, atMs - this.#clock.nowMs()), () => {
      this.#wake = null
      this.#turn()
    })
    this.#wake = { atMs, cancel }
  }

  #turn(): void {
    const nowMs = this.#clock.nowMs()
    if (this.#hasJumped(nowMs)) this.#startAfresh()
    const isFirst = this.#rollCalledMs === -Infinity
    if (isFirst || this.#isFlowing(nowMs) || !this.#roll.isComplete()) this.#roll.refresh(nowMs)
    if (nowMs - this.#rollCalledMs >= rollCallMs) this.#callRoll(nowMs)
    if (this.#isWatchful() || this.#isLooking()) this.#observe(nowMs)
    const nextMs = this.#nextMs()
    if (nextMs < Infinity) this.#wakeAt(nextMs)
  }

  #observe(nowMs: number): void {
    if (nowMs >= this.#nextSampleMs()) {
      this.#sample()
      const ripe = this.#inquiry.ripe(nowMs)
      if (ripe.length > 0) this.#inquiry.open(ripe, this.#looked())
    }
    const isDue = nowMs >= this.#census.nextMs(censusMs)
    const isLast = !this.#isFlowing(nowMs) && this.#census.lastStartMs < this.#lastEventMs
    const isWanted = nowMs >= this.#inquiry.dueMs() || isLast
    if (isDue && isWanted) this.#census.begin()
    if (this.#census.isUnderWay && this.#census.step()) this.#settleWindows()
  }

  #nextMs(): number {
    const nowMs = this.#clock.nowMs()
    const isFlowing = this.#isFlowing(nowMs)
    if (!this.#roll.isComplete()) return nowMs + rollAgainMs
    // One that has ended is settled even when nothing else happens.
    const isCalled = isFlowing || this.#trees.all().length > this.#trees.living().length
    const rollMs = isCalled ? this.#rollCalledMs + rollCallMs : Infinity
    if (!this.#isWatchful() && !this.#isLooking()) return rollMs
    return Math.min(
      rollMs,
      this.#inquiry.hasNoticed() ? Math.max(nowMs + settleMs, this.#nextSampleMs()) : Infinity,
      this.#census.isUnderWay ? nowMs + 1 : Infinity,
      Math.max(this.#inquiry.dueMs(), this.#census.nextMs(censusMs)),
      this.#nextSampleMs(),
    )
  }

  /** Without a known writer nobody is read while nothing happens. */
  #nextSampleMs(): number {
    const isFlowing = this.#isFlowing(this.#clock.nowMs()) || this.#census.lastStartMs < this.#lastEventMs
    if (!isFlowing && !this.#trees.hasLiving()) return Infinity
    return this.#sampledMs + this.#census.periodMs(isFlowing ? sampleMs : restMs, !isFlowing)
  }

  #isFlowing(nowMs: number): boolean {
    return nowMs - this.#lastEventMs < flowMs
  }

  #sample(): void {
    const isFlowing = this.#isFlowing(this.#clock.nowMs()) || this.#inquiry.hasNoticed()
    this.#census.sample(() => {
      if (isFlowing) this.#roll.refresh(this.#clock.nowMs())
      else for (const { members } of this.#trees.all()) this.#roll.meetChildren(members)
    })
    const nowMs = this.#clock.nowMs()
    for (const { members, noise } of this.#trees.all())
      noise.add(treeBytes(members, this.#sampledMs, nowMs) ?? 0, nowMs)
    this.#sampledMs = nowMs
  }

  #callRoll(nowMs: number): void {
    this.#rollCalledMs = nowMs
    for (const account of this.#roll.accounts.values()) {
      if (account.goneAtMs === null) this.#trees.askAgain(account, this.#roll, nowMs)
    }
    this.#hasPerson = this.#isFlowing(nowMs) && this.#movements.hasPerson(nowMs)
    if (!this.#roll.isComplete()) return
    for (const declaration of this.#trees.prune((account) => isBuried(account, nowMs))) {
      if (this.#ended.has(declaration)) continue
      this.#ended.add(declaration)
      this.#input.onEnded(declaration)
    }
  }

  #settleWindows(): void {
    const news = this.#inquiry.settle(this.#census.lastStartMs, this.#clock.nowMs())
    if (news.length > 0) this.#input.onNews(news)
  }

  #looked(): Looked {
    const isComplete = this.#roll.isComplete()
    return { sampledMs: this.#sampledMs, isComplete }
  }

  #hasJumped(nowMs: number): boolean {
    return Math.abs(nowMs - this.#clock.monotonicMs() - this.#offsetMs) > jumpMs
  }

  #startAfresh(): void {
    this.#offsetMs = this.#clock.nowMs() - this.#clock.monotonicMs()
    this.#inquiry.forget()
    this.#rollCalledMs = -Infinity
    this.#sampledMs = -Infinity
    for (const account of this.#roll.accounts.values()) account.readings.length = 0
  }
}
