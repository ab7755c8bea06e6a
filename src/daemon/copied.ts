/** A folder that was copied, git directory and all, is a clone of its own: of one name, each would undo the other's. */
import type { GitEngine } from '../git/git.ts'
import { keptSides } from '../integrate/integrate.ts'
import type { Failure } from '../types.ts'
import { failureOf } from './failure.ts'
import { isCopy, savedPlace } from './saved-place.ts'
import type { StateStore } from './state-file.ts'

const copied = 'this folder was copied from another one: it counts as a clone of its own from now on'

/**
 * Gives a copied folder a clone id of its own, and the sides of conflicts that were copied along names with it.
 * @returns what to tell. @throws the system's error when the state cannot be written.
 */
export async function settlePlace(
  engine: GitEngine,
  state: StateStore,
  freshCloneId: () => string,
): Promise<readonly string[]> {
  const { place, cloneId } = state.value
  const now = savedPlace(engine.repository.stateDir)
  if (place === null || !isCopy(place, now)) {
    if (place?.path !== now.path || place.inode !== now.inode) state.update({ place: now })
    return []
  }
  const own = freshCloneId()
  state.update({ cloneId: own, place: now })
  const failure = await renamed(engine, cloneId, own)
  return failure === null ? [copied] : [copied, `what it keeps of conflicts has the other's name: ${failure.detail}`]
}

/** Under its old name it is listed and settled all the same; only the remote is not given it. */
async function renamed(engine: GitEngine, from: string, to: string): Promise<Failure | null> {
  try {
    return await keptSides.rename(engine, from, to)
  } catch (error) {
    return failureOf(error)
  }
}
