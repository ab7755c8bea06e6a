/** One measured figure. */
export interface BenchRow {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** What the number should reach; empty for a figure to compare with. */
  readonly reach: string
}
