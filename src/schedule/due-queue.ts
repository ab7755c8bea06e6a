/** Something with a place in the queue; null: in none. Written by the queue alone. */
export interface Queued {
  slot: Slot | null
}

interface Slot {
  readonly atMs: number
}

interface ItemSlot<T> extends Slot {
  readonly item: T
}

/** Slots of items that left or moved are skipped when met; beyond as many as there are items, and this, swept out. */
const STALE_SLOTS = 1_024

/**
 * A binary heap by instant in which items never move later: an item whose real instant has moved on is met at its old
 * one and put back. So a path rewritten a thousand times costs one slot, and looking at the earliest costs nothing.
 */
export class DueQueue<T extends Queued> {
  private slots: ItemSlot<T>[] = []
  private live = 0

  /** Puts the item where it is met at `atMs` or before. */
  put(item: T, atMs: number): void {
    if (item.slot !== null && item.slot.atMs <= atMs) return
    if (item.slot === null) this.live++
    const slot = { atMs, item }
    item.slot = slot
    this.slots.push(slot)
    this.up(this.slots.length - 1)
    if (this.slots.length > 2 * this.live + STALE_SLOTS) this.sweep()
  }

  drop(item: T): void {
    if (item.slot === null) return
    item.slot = null
    this.live--
  }

  /** The earliest instant at which an item may be due; Infinity when empty. */
  earliestMs(): number {
    for (let top = this.slots[0]; top !== undefined; top = this.slots[0]) {
      if (top.item.slot === top) return top.atMs
      this.removeTop()
    }
    return Infinity
  }

  /** Takes out the earliest item if its instant is not after `nowMs`. */
  take(nowMs: number): T | null {
    if (this.earliestMs() > nowMs) return null
    const top = this.slots[0]
    if (top === undefined) return null
    this.removeTop()
    this.drop(top.item)
    return top.item
  }

  private sweep(): void {
    this.slots = this.slots.filter((slot) => slot.item.slot === slot).toSorted((a, b) => a.atMs - b.atMs)
  }

  private removeTop(): void {
    const last = this.slots.pop()
    if (last === undefined || this.slots.length === 0) return
    this.slots[0] = last
    this.down(0)
  }

  private up(start: number): void {
    for (let i = start; i > 0;) {
      const parent = (i - 1) >> 1
      if (this.at(parent) <= this.at(i)) return
      this.swap(i, parent)
      i = parent
    }
  }

  private down(start: number): void {
    for (let i = start; ;) {
      const left = 2 * i + 1
      const child = this.at(left + 1) < this.at(left) ? left + 1 : left
      if (this.at(child) >= this.at(i)) return
      this.swap(i, child)
      i = child
    }
  }

  private at(i: number): number {
    return this.slots[i]?.atMs ?? Infinity
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.slots[i], this.slots[j]]
    if (a === undefined || b === undefined) return
    this.slots[i] = b
    this.slots[j] = a
  }
}
