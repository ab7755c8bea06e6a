import type { Failure } from '../types.ts'
import type { Parts } from './board.ts'

/** An index refresh that failed left its entry in the journal; nothing may be built on an index half told. */
export async function recovered({ state, engine, journal }: Parts): Promise<Failure | null> {
  const entry = state.value.journal
  return entry === null ? null : (await engine.recover(entry, journal)).failure
}
