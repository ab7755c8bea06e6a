/**
 * The newest of many: `max` at most, and at least the half of it that was asked for or set last. Unlike the caches of a
 * library it takes no memory for what it does not hold, so that a bound may lie far above what is usual.
 */
export class Recent<K, V> {
  readonly #max: number
  /** Oldest first. A `Map` that gives up its oldest one by one grows slow: half of all goes at once. */
  #newer = new Map<K, V>()
  #older = new Map<K, V>()

  constructor(max: number) {
    this.#max = max
  }

  get size(): number {
    let size = this.#newer.size
    for (const key of this.#older.keys()) if (!this.#newer.has(key)) size += 1
    return size
  }

  get(key: K): V | undefined {
    const value = this.peek(key)
    if (value !== undefined) this.set(key, value)
    return value
  }

  /** Without making it any newer. */
  peek(key: K): V | undefined {
    return this.#newer.get(key) ?? this.#older.get(key)
  }

  has(key: K): boolean {
    return this.#newer.has(key) || this.#older.has(key)
  }

  set(key: K, value: V): void {
    this.#newer.delete(key)
    this.#newer.set(key, value)
    if (this.#newer.size < this.#max / 2) return
    this.#older = this.#newer
    this.#newer = new Map()
  }

  delete(key: K): boolean {
    const isOlder = this.#older.delete(key)
    return this.#newer.delete(key) || isOlder
  }

  clear(): void {
    this.#newer.clear()
    this.#older.clear()
  }

  /** The longest untouched first. */
  *entries(): Generator<readonly [K, V]> {
    for (const one of this.#older) if (!this.#newer.has(one[0])) yield one
    yield* this.#newer
  }
}
