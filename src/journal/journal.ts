/**
 * The memory of what was decided: `journal.db` in the state directory. Whoever records never waits: records are queued
 * and written a moment later, a few milliseconds at a time. It is a convenience: a file that is damaged, locked, gone
 * or on a full disk is told of and mended where it can be, and never stops the daemon.
 */
import { join } from 'node:path'
import type { Clock } from '../platform/platform.ts'
import { faultOf, type Fault } from './faults.ts'
import { Queue } from './queue.ts'
import type { JournalRecord } from './records.ts'
import { setAside } from './set-aside.ts'
import { openStore, type Store } from './store.ts'

export type * from './records.ts'
export { readJournal, type JournalReader, type Reading } from './reader.ts'

/** About 10 MB. A storm that is quicker than the disk loses its oldest records; their number is kept. */
const queueMax = 20_000
/** What happens within this time is written together. */
const gatherMs = 100
/** How long the daemon's loop may be kept from its work at once, and how long it then goes on undisturbed. */
const sliceMsMax = 10
const restMs = 30
const rowsAtOnce = 100
/** What is locked or full is tried again after the first, then ever less often, at last after the second. */
const retryMsFirst = 1_000
const retryMsMax = 30_000
/** A lock that lasts is worth a word. */
const lockedToldMs = 30_000
/** A disk that damages one file after another does not get a fourth in one run. */
const asideMax = 3
const pruneEveryMs = 3_600_000
const pruneEveryRows = 5_000
/** At the end what waits may take so long. */
const closingMsMax = 1_000

export interface Journal {
  /** Never throws, never waits. */
  record(record: JournalRecord): void
  /** Writes what waits, 1 s at most. */
  close(): Promise<void>
}

export interface JournalOptions {
  readonly stateDir: string
  readonly clock: Clock
  /** Older records are deleted. */
  readonly keepMs: number
  /** Told once for each trouble. */
  tell(text: string): void
}

export function createJournal(options: JournalOptions): Journal {
  return new Writing(options)
}

class Writing implements Journal {
  readonly #options: JournalOptions
  readonly #path: string
  readonly #queue = new Queue(queueMax)
  #store: Store | null = null
  #trouble: { readonly fault: Fault; readonly sinceMs: number; retryMs: number; told: boolean } | null = null
  #asides = 0
  #off = false
  #hasNews = false
  #prunedAtMs = -Infinity
  #writtenSincePrune = 0
  #isMoreToPrune = false
  #timer: (() => void) | null = null
  #draining: Promise<void> | null = null

  constructor(options: JournalOptions) {
    this.#options = options
    this.#path = join(options.stateDir, 'journal.db')
  }

  record(record: JournalRecord): void {
    if (this.#off) return
    this.#queue.add(record)
    // A start or stop alone is not worth the library's memory.
    this.#hasNews ||= record.kind !== 'outcome' || (record.what !== 'started' && record.what !== 'stopped')
    if (this.#hasNews) this.#drainIn(gatherMs)
  }

  async close(): Promise<void> {
    this.#timer?.()
    await this.#draining
    this.#timer?.()
    if (this.#hasNews && !this.#off) await this.#drain(closingMsMax)
    this.#timer?.()
    this.#off = true
    this.#closeStore()
  }

  #drainIn(delayMs: number): void {
    if (this.#timer !== null || this.#draining !== null || this.#off) return
    this.#timer = this.#options.clock.after(delayMs, () => {
      this.#timer = null
      void this.#drain(sliceMsMax)
    })
  }

  async #drain(msMax: number): Promise<void> {
    this.#draining = this.#work(msMax)
    await this.#draining
    this.#draining = null
    if (this.#trouble !== null) this.#drainIn(this.#trouble.retryMs)
    else if (this.#queue.size > 0 || this.#isMoreToPrune) this.#drainIn(restMs)
  }

  async #work(msMax: number): Promise<void> {
    try {
      const look = this.#store?.look()
      if (look === 'replaced') this.#closeStore()
      if (look === 'damaged' && !this.#replace('damaged')) return
      while (this.#store === null) {
        const opened = await openStore(this.#path)
        if (typeof opened !== 'string') this.#store = opened
        else if (!this.#replace(opened)) return
      }
      this.#write(this.#store, msMax)
    } catch (error) {
      this.#suffer(error)
    }
  }

  #write(store: Store, msMax: number): void {
    const { clock } = this.#options
    const startedMs = clock.monotonicMs()
    while (this.#queue.size > 0 && clock.monotonicMs() - startedMs < msMax) {
      const records = this.#queue.peek(rowsAtOnce)
      store.write(records)
      this.#queue.drop(records.length)
      this.#writtenSincePrune += records.length
    }
    this.#trouble = null
    const lost = this.#queue.takeLost()
    const nowMs = clock.nowMs()
    const noName = { name: null, oid: null } as const
    if (lost > 0) {
      this.#queue.add({ kind: 'outcome', what: 'gap', ...noName, sinceMs: nowMs, atMs: nowMs, count: lost })
    }
    this.#prune(store)
  }

  #prune(store: Store): void {
    const { clock, keepMs } = this.#options
    const isRecent = clock.monotonicMs() - this.#prunedAtMs < pruneEveryMs
    if (isRecent && this.#writtenSincePrune < pruneEveryRows) return
    this.#isMoreToPrune = store.prune(clock.nowMs() - keepMs)
    if (this.#isMoreToPrune) return
    this.#prunedAtMs = clock.monotonicMs()
    this.#writtenSincePrune = 0
  }

  #suffer(error: unknown): void {
    const fault = known(error)
    // What is no answer of the database's is a bug of ours, but not one to stop syncing for.
    if (fault === null) return this.#turnOff(`the journal failed and is off until the next start: ${String(error)}`)
    try {
      this.#replace(fault)
    } catch {
      // The directory itself cannot be written.
      this.#wait('unusable')
    }
  }

  /** @returns whether a new file can be begun. */
  #replace(fault: Fault): boolean {
    if (fault === 'locked' || fault === 'unusable') {
      this.#wait(fault)
      return false
    }
    this.#closeStore()
    if (this.#asides >= asideMax) {
      this.#turnOff(`journal.db is ${fault} again; the journal is off until the next start`)
      return false
    }
    const aside = setAside(this.#path, fault, this.#options.clock.nowMs())
    this.#asides += 1
    this.#options.tell(`${asideText[fault]}; it is kept as ${aside} and a new one begun`)
    return true
  }

  #wait(fault: 'locked' | 'unusable'): void {
    const { clock, tell } = this.#options
    const nowMs = clock.monotonicMs()
    if (this.#trouble?.fault !== fault) {
      this.#trouble = { fault, sinceMs: nowMs, retryMs: retryMsFirst, told: false }
    } else this.#trouble.retryMs = Math.min(retryMsMax, this.#trouble.retryMs * 2)
    const isWorthAWord = fault === 'unusable' || nowMs - this.#trouble.sinceMs >= lockedToldMs
    if (this.#trouble.told || !isWorthAWord) return
    this.#trouble.told = true
    tell(waitText[fault])
  }

  #turnOff(text: string): void {
    this.#off = true
    this.#closeStore()
    this.#queue.drop(this.#queue.size)
    this.#options.tell(text)
  }

  #closeStore(): void {
    try {
      this.#store?.look()
      this.#store?.close()
    } catch {
      // What could not be moved from the log into the file is moved at the next start.
    }
    this.#store = null
  }
}

function known(error: unknown): Fault | null {
  try {
    return faultOf(error)
  } catch {
    return null
  }
}

const asideText = {
  damaged: 'journal.db was damaged',
  newer: 'journal.db was written by a later version of this program',
  unreadable: 'journal.db could not be opened by this user',
} as const

const waitText = {
  locked: 'journal.db is locked by another program; what is decided is kept in memory until it lets go',
  unusable: 'journal.db cannot be written (is the disk full?); what is decided is kept in memory meanwhile',
} as const
