import type { PathBytes, Writer } from '../types.ts'
import { Authors } from './authors.ts'
import { lookClosely } from './closely.ts'
import { attribute, type Attribution } from './ledger.ts'
import { explainedMs, type Explained } from './noise.ts'
import type { Trees } from './trees.ts'
import type { Movements, Window, WindowWrite } from './window.ts'

/** Writes that wait to be looked into; of more nobody is named. */
const noticedMax = 2_000
/** Files in a new directory are heard of a little later than those beside it. */
const lingerMs = 60
/** Windows that wait for a census; of more nobody is named. */
const windowsMax = 500
/** Earlier, a write may not be accounted for yet; later, others have written too. */
export const settleMs = 5
/** A file that is written without a pause is looked at so long after its first event at the latest. */
const settleMsMax = 100
/** Content that is older than its file's event was written elsewhere, and only moved or copied here. */
const movedInMs = 2_000
/** Writes of the last moment, whose bytes may be in another window's; in a storm their windows hold many themselves. */
const latestMax = 200
/** Writes whose writer was found, remembered to tell noise from writing; in a storm the oldest go early. */
const explainedMax = 2_000

/** The last readings of all accounts. */
export interface Looked {
  /** When known writers and busy strangers were last read. */
  readonly sampledMs: number
  /** Nobody lives who is not on the roll. */
  readonly isComplete: boolean
}

/** Writes that were noticed, on their way to a writer: noticed, then measured in a window, then settled by a census. */
export class Inquiry {
  readonly authors: Authors
  readonly #trees: Trees
  readonly #movements: Movements
  readonly #fullPath: (path: string) => string
  readonly #noticed = new Map<PathBytes, { readonly firstMs: number; readonly lastMs: number }>()
  readonly #openPaths = new Map<PathBytes, number>()
  #windows: Window[] = []
  #latest: WindowWrite[] = []
  #explained: Explained[] = []

  constructor(trees: Trees, movements: Movements, fullPath: (path: string) => string, isTreeKnown: () => boolean) {
    this.authors = new Authors((path) => this.isOpen(path), isTreeKnown)
    this.#trees = trees
    this.#movements = movements
    this.#fullPath = fullPath
  }

  isOpen(path: PathBytes): boolean {
    return this.#noticed.has(path) || this.#openPaths.has(path)
  }

  hasNoticed(): boolean {
    return this.#noticed.size > 0
  }

  /** When what waits for a census has waited long enough for what belongs to it; Infinity: nothing waits. */
  dueMs(): number {
    return (this.#windows[0]?.toMs ?? Infinity) + lingerMs
  }

  /** @returns false when it takes no more. */
  notice(path: PathBytes, nowMs: number): boolean {
    const known = this.#noticed.get(path)
    if (known === undefined && this.#noticed.size >= noticedMax) {
      this.#trees.countUnknown()
      return false
    }
    this.#noticed.set(path, { firstMs: known?.firstMs ?? nowMs, lastMs: nowMs })
    return true
  }

  /** Paths that have rested long enough. @param nowMs Infinity: all. */
  ripe(nowMs: number): readonly PathBytes[] {
    return [...this.#noticed].flatMap(([path, { firstMs, lastMs }]) =>
      nowMs - lastMs >= settleMs || nowMs - firstMs >= settleMsMax ? [path] : [],
    )
  }

  /** Called right after a sample. */
  open(paths: readonly PathBytes[], { sampledMs, isComplete }: Looked): void {
    const writes: WindowWrite[] = []
    let fromMs = Infinity
    for (const path of paths) {
      const { firstMs } = this.#noticed.get(path) ?? { firstMs: 0 }
      this.#noticed.delete(path)
      const seen = lookClosely(this.#fullPath(path))
      const isWrittenHere = seen !== null && Math.abs(firstMs - seen.contentAtMs) < movedInMs
      if (!isWrittenHere || !isComplete || this.#windows.length >= windowsMax) {
        this.authors.claim(path, seen, 'unknown')
        if (isWrittenHere) this.#trees.countUnknown()
        continue
      }
      if (seen.sizeBytes === 0 && Math.abs(firstMs - seen.bornAtMs) < movedInMs) {
        // A new file into which nothing was written yet: what comes first makes its writer.
        this.authors.claim(path, seen, 'nobody')
        continue
      }
      const last = this.authors.lastSeen(path)
      const hasGrown = last?.inode === seen.inode && seen.sizeBytes > last.sizeBytes
      const growthBytes = hasGrown ? seen.sizeBytes - last.sizeBytes : null
      writes.push({ path, seen, atMs: firstMs, sizeBytes: seen.sizeBytes, growthBytes })
      fromMs = Math.min(fromMs, firstMs - settleMs, seen.contentAtMs)
    }
    if (writes.length === 0) return
    for (const { path } of writes) this.#openPaths.set(path, (this.#openPaths.get(path) ?? 0) + 1)
    this.#windows.push({ fromMs, toMs: sampledMs, writes })
    this.#latest = [...this.#latest, ...writes].slice(-latestMax)
  }

  /**
   * Names the writers of what happened before a census.
   * @returns paths whose writer was asked for before and is known now
   */
  settle(censusMs: number, nowMs: number): readonly PathBytes[] {
    const settled = this.#windows.filter(({ toMs }) => toMs <= censusMs)
    this.#windows = this.#windows.filter(({ toMs }) => toMs > censusMs)
    this.#explained = this.#explained.slice(-explainedMax).filter(({ atMs }) => nowMs - atMs < explainedMs)
    const first = settled.map((window) => ({ window, answers: this.#answersOf(window, nowMs) }))
    const open = first.map(({ window, answers }) => onlyOpen(window, answers)).filter(({ writes }) => writes.length > 0)
    // One that wrote several files in a moment wrote as much as all of them together.
    const again = new Map(joined(open).flatMap((window) => [...this.#answersOf(window, nowMs)]))
    return first.flatMap(({ window, answers }) => this.#tell(window, answers, again))
  }

  /** Bytes of a tree that need no looking into any more. */
  explain(known: Explained): void {
    this.#explained.push(known)
  }

  /** Instants of before and after a jump of the clock do not compare: what is open stays unknown. */
  forget(): void {
    for (const path of [...this.#noticed.keys(), ...this.#openPaths.keys()]) this.authors.claim(path, null, 'unknown')
    this.#noticed.clear()
    this.#openPaths.clear()
    this.#windows = []
    this.#latest = []
    this.#explained = []
  }

  #answersOf(window: Window, nowMs: number): ReadonlyMap<string, Attribution> {
    const around = this.#latest.filter((write) => !window.writes.includes(write))
    const trees = this.#movements.trees(window, this.#explained, around)
    const answers = attribute(window.writes, trees, this.#movements.others(window, nowMs))
    for (const { path, atMs, sizeBytes } of window.writes) {
      const answer = answers.get(path)
      if (answer?.kind === 'tree') this.explain({ tree: answer.tree, atMs, bytes: sizeBytes, overheads: 1 })
    }
    return answers
  }

  #tell(
    { writes }: Window,
    first: ReadonlyMap<string, Attribution>,
    again: ReadonlyMap<string, Attribution>,
  ): readonly PathBytes[] {
    return writes.flatMap(({ path, seen, atMs, sizeBytes }) => {
      const one = first.get(path) ?? unknown
      const answer = one.kind === 'unknown' ? (again.get(path) ?? one) : one
      const perhaps = answer.kind === 'unknown' ? answer.perhaps : null
      if (perhaps !== null) this.explain({ tree: perhaps, atMs, bytes: sizeBytes, overheads: 1 })
      this.#close(path)
      this.#count(answer)
      return this.authors.claim(path, seen, this.#writerOf(answer)) ? [path] : []
    })
  }

  #count(answer: Attribution): void {
    if (answer.kind === 'unknown') return this.#trees.countUnknown()
    const tree = answer.kind === 'tree' ? this.#trees.get(answer.tree) : null
    if (tree !== null) tree.tally.own++
  }

  #close(path: PathBytes): void {
    const open = (this.#openPaths.get(path) ?? 1) - 1
    if (open === 0) this.#openPaths.delete(path)
    else this.#openPaths.set(path, open)
  }

  #writerOf(answer: Attribution): Writer | 'unknown' {
    if (answer.kind === 'tree') return this.#trees.get(answer.tree)?.writer ?? 'unknown'
    return answer.kind === 'terminal' ? atTerminal : 'unknown'
  }
}

/** Without the writes that have a writer. */
function onlyOpen(window: Window, answers: ReadonlyMap<string, Attribution>): Window {
  return { ...window, writes: window.writes.filter(({ path }) => answers.get(path)?.kind === 'unknown') }
}

/** Windows that overlap, as one. */
function joined(windows: readonly Window[]): readonly Window[] {
  const all: Window[] = []
  for (const window of windows.toSorted((one, other) => one.fromMs - other.fromMs)) {
    const last = all.at(-1)
    if (last === undefined || window.fromMs >= last.toMs) all.push(window)
    else
      all[all.length - 1] = {
        ...last,
        toMs: Math.max(last.toMs, window.toMs),
        writes: [...last.writes, ...window.writes],
      }
  }
  return all.filter(({ writes }) => writes.length > 1)
}

const unknown: Attribution = { kind: 'unknown', perhaps: null }

const atTerminal: Writer = { kind: 'human', name: null, tier: 'T2', confidence: 0.9, policy: null, session: null }
