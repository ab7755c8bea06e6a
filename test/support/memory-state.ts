import { freshState, type State } from '../../src/daemon/state-schema.ts'
import type { StateStore } from '../../src/daemon/state-file.ts'

/** A state that no file keeps. */
export function memoryState(change: Partial<State> = {}): StateStore {
  let value: State = { ...freshState('0'.repeat(16)), ...change }
  return {
    get value() {
      return value
    },
    update: (next) => void (value = { ...value, ...next }),
    takeNews: () => null,
  }
}
