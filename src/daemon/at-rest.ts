import { conflictsAtRest, resolveAtRest } from './resolve-at-rest.ts'
import { stateAtRest as stateFile } from './state-file.ts'
import { undoAtRest } from './undo-at-rest.ts'

/** What may be done to a workspace while no daemon runs. */
export const stateAtRest = {
  ...stateFile,
  undo: undoAtRest,
  conflicts: conflictsAtRest,
  resolve: resolveAtRest,
} as const
