interface Event {
  readonly atMs: number
  readonly serial: number
  readonly run: () => void
}

/** True time: events in order, jumping from one to the next. Those of one instant run in the order they were set. */
export class Timeline {
  nowMs = 0
  private readonly heap: Event[] = []
  private serial = 0

  at(atMs: number, run: () => void): void {
    const event = { atMs: Math.max(atMs, this.nowMs), serial: this.serial++, run }
    let i = this.heap.push(event) - 1
    for (let parent = (i - 1) >> 1; i > 0 && before(event, this.heap[parent]); parent = (i - 1) >> 1) {
      this.swap(i, parent)
      i = parent
    }
  }

  in(delayMs: number, run: () => void): void {
    this.at(this.nowMs + delayMs, run)
  }

  runUntil(endMs: number): void {
    for (let top = this.heap[0]; top !== undefined && top.atMs <= endMs; top = this.heap[0]) {
      this.removeTop()
      this.nowMs = top.atMs
      top.run()
    }
    this.nowMs = endMs
  }

  private removeTop(): void {
    const last = this.heap.pop()
    if (last === undefined || this.heap.length === 0) return
    this.heap[0] = last
    for (let i = 0; ;) {
      const left = 2 * i + 1
      const right = this.heap[left + 1]
      const child = right !== undefined && before(right, this.heap[left]) ? left + 1 : left
      const next = this.heap[child]
      if (next === undefined || !before(next, this.heap[i])) return
      this.swap(i, child)
      i = child
    }
  }

  private swap(i: number, j: number): void {
    const [a, b] = [this.heap[i], this.heap[j]]
    if (a === undefined || b === undefined) return
    this.heap[i] = b
    this.heap[j] = a
  }
}

function before(a: Event, b: Event | undefined): boolean {
  return b !== undefined && (a.atMs < b.atMs || (a.atMs === b.atMs && a.serial < b.serial))
}
