/** What is older than this says nothing about how much a program writes beside its files. */
export const explainedMs = 60_000
/** Samples in which something was written, of one tree; the oldest is forgotten. */
const entriesMax = 2_000
/** Overhead of one explained write. */
const overheadBytesMax = 128

/** What a tree was found, or may be, to have written. */
export interface Explained {
  readonly tree: string
  readonly atMs: number
  readonly bytes: number
  /** Writes to a file among it, each with an overhead of its own. */
  readonly overheads: number
}

/** All that the processes of one tree have written, by sample: what no event explains is noise. */
export class Noise {
  readonly #moved: { readonly atMs: number; readonly bytes: number }[] = []

  add(bytes: number, atMs: number): void {
    if (bytes <= 0) return
    this.#moved.push({ atMs, bytes })
    while (this.#moved.length > entriesMax || (this.#moved[0]?.atMs ?? atMs) < atMs - explainedMs) this.#moved.shift()
  }

  clear(): void {
    this.#moved.length = 0
  }

  /** Of the minute before. */
  before(atMs: number, explained: readonly Explained[]): number {
    const recent = (one: { readonly atMs: number }): boolean => one.atMs <= atMs && one.atMs > atMs - explainedMs
    const moved = this.#moved.filter(recent).reduce((sum, { bytes }) => sum + bytes, 0)
    const known = explained.filter(recent)
    const explainedBytes = known.reduce((sum, one) => sum + one.bytes + one.overheads * overheadBytesMax, 0)
    return Math.max(0, moved - explainedBytes)
  }
}
