import type { Failure } from '../types.ts'
import type { Parts } from './board.ts'
import { putBack } from './put-back.ts'
import { finishNoted } from './undo.ts'

/**
 * What a crash or a failure left half done is brought to its end before anything is built on it: an index that was not
 * told of a commit, files of a pull whose branch did not follow, an undo whose files did not.
 * @param wentBack told how many paths are as before the pull
 */
export async function recovered(parts: Parts, wentBack?: (count: number) => void): Promise<Failure | null> {
  const { state, engine, journal } = parts
  if (parts.dryRun) return null
  const { journal: entry, bringing, undoing } = state.value
  const failure = entry === null ? null : (await engine.recover(entry, journal)).failure
  if (failure !== null || (bringing === null && undoing === null)) return failure
  // Whoever merges or rebases, or has said pause, is not reached into.
  if (parts.pause.current() !== null || (await engine.pauses()).length > 0) return waits
  const count = await putBack(parts)
  if (count > 0) wentBack?.(count)
  await finishNoted(parts)
  return null
}

const waits: Failure = {
  name: 'locked',
  detail: 'something was interrupted, and a pause or an operation of git keeps it from being brought to its end',
  hint: 'nothing to do: it is tried again when that is over',
  heals: 'backoff',
}
