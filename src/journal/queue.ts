import type { PathBytes } from '../types.ts'
import { fold, foldOutcome } from './records.ts'
import type { DecisionRecord, JournalRecord, LinkRecord, OutcomeRecord } from './records.ts'

/** Records that wait to be written, in their order, repeated ones folded. */
export class Queue {
  readonly #limit: number
  readonly #records = new Map<number, JournalRecord>()
  /** Where the last decision about a path waits. */
  readonly #decisions = new Map<PathBytes, number>()
  #nextId = 0
  /** None that waits has a smaller id. */
  #oldest = 0
  #lost = 0

  /** @param limit the oldest record gives way when there are more */
  constructor(limit: number) {
    this.#limit = limit
  }

  get size(): number {
    return this.#records.size
  }

  add(record: JournalRecord): void {
    switch (record.kind) {
      case 'decision':
        return this.#addDecision(record)
      case 'outcome':
        return this.#addOutcome(record)
      case 'link':
        return this.#addLink(record)
      case 'commit':
        return this.#append(record)
    }
  }

  /** The oldest, at most `max`; they stay until `drop`. */
  peek(max: number): readonly JournalRecord[] {
    const found: JournalRecord[] = []
    for (const record of this.#records.values()) {
      if (found.length >= max) break
      found.push(record)
    }
    return found
  }

  /** The oldest `count` are written. */
  drop(count: number): void {
    let left = count
    for (const id of this.#records.keys()) {
      if (left-- <= 0) break
      this.#remove(id)
    }
  }

  /** How many were lost to the limit since this was last asked. */
  takeLost(): number {
    const lost = this.#lost
    this.#lost = 0
    return lost
  }

  #addDecision(record: DecisionRecord): void {
    const last = this.#lastDecision(record.path)
    // What was written already is compared when this one is.
    const folding = last === null ? 'insert' : fold(last.record, record)
    if (folding === 'skip') return
    if (folding === 'insert' || last === null) return this.#append(record)
    this.#records.set(last.id, folding === 'drop-last' ? record : folding.instead)
  }

  #addLink(record: LinkRecord): void {
    const last = this.#lastDecision(record.path)
    if (last === null || last.record.verdict !== 'sync' || last.record.commit !== null) return this.#append(record)
    this.#records.set(last.id, { ...last.record, commit: record.oid })
  }

  #addOutcome(record: OutcomeRecord): void {
    const lastId = this.#nextId - 1
    const last = this.#records.get(lastId)
    const folded = last?.kind === 'outcome' ? foldOutcome(last, record) : null
    if (folded === null) this.#append(record)
    else this.#records.set(lastId, folded)
  }

  #lastDecision(path: PathBytes): { readonly id: number; readonly record: DecisionRecord } | null {
    const id = this.#decisions.get(path)
    const record = id === undefined ? undefined : this.#records.get(id)
    return id !== undefined && record?.kind === 'decision' ? { id, record } : null
  }

  #append(record: JournalRecord): void {
    const id = this.#nextId++
    this.#records.set(id, record)
    if (record.kind === 'decision') this.#decisions.set(record.path, id)
    if (this.#records.size <= this.#limit) return
    this.#remove(this.#oldestId())
    this.#lost += 1
  }

  /** Counted, not asked of the map: that looks through all that it has lost before its first, seconds in a storm. */
  #oldestId(): number {
    while (this.#oldest < this.#nextId && !this.#records.has(this.#oldest)) this.#oldest += 1
    return this.#oldest
  }

  #remove(id: number): void {
    const record = this.#records.get(id)
    this.#records.delete(id)
    if (record?.kind === 'decision' && this.#decisions.get(record.path) === id) this.#decisions.delete(record.path)
  }
}
