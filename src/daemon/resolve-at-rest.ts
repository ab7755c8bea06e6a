import type { Config } from '../config/config.ts'
import type { GitEngine } from '../git/git.ts'
import type { Clock } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import type { Side } from './choose-conflict.ts'
import { resolveConflicts, type ResolveAnswer } from './conflicts.ts'
import { openConflicts, type OpenConflict } from './open-conflicts.ts'
import { keepingExposed } from './exposed.ts'
import { holdingLock } from './holding-lock.ts'
import { readState } from './state-file.ts'

export function conflictsAtRest(engine: GitEngine): Promise<readonly OpenConflict[]> {
  return openConflicts(engine, readState(engine.repository.stateDir))
}

/** @throws as `holdingLock`. */
export async function resolveAtRest(
  engine: GitEngine,
  config: Pick<Config, 'branches'>,
  clock: Clock,
  paths: readonly PathBytes[],
  side: Side,
): Promise<ResolveAnswer> {
  return holdingLock(engine.repository.stateDir, clock, (state) =>
    keepingExposed({ engine, state }, paths, () => resolveConflicts({ engine, config, state }, paths, side)),
  )
}
