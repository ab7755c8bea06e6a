import type { DiskEntry, PathBytes, Writer } from '../types.ts'

export interface WriterQuestion {
  readonly path: PathBytes
  /** As it lies there now; null: deleted. */
  readonly entry: DiskEntry | null
  /** The write happened between these instants. */
  readonly fromMs: number
  readonly toMs: number
}

export interface WitnessTier {
  /** null: this tier does not know. A memory look-up, never a wait. */
  answer(question: WriterQuestion): Writer | null
}
