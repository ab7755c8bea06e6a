import type { Config } from '../config/config.ts'
import { processes, type Clock } from '../platform/platform.ts'
import type { Writer } from '../types.ts'
import { listedWriters, type Observer } from '../witness/witness.ts'

/** A list of processes that is older is asked for anew, beside the one who looks at it. */
const listedMs = 60_000

export type LivingWriter = Pick<Writer, 'kind' | 'name' | 'tier' | 'policy'>

/** Known writers of whom a process lives; where nobody can be named, configured ones that the system lists. */
export function livingWriters(
  observer: Observer,
  clock: Clock,
  config: () => Config,
  list: typeof processes.listed = processes.listed,
): () => readonly LivingWriter[] {
  let listed: readonly LivingWriter[] = []
  let askedAtMs = -Infinity
  const refresh = async (): Promise<void> => {
    try {
      const found = listedWriters(await list(), config().writers)
      listed = found.map((writer) => ({ ...writer, tier: null, policy: null }))
    } catch {
      // Some systems have no such list: then nobody is told of.
      listed = []
    }
  }
  return () => {
    if (observer.canName) return observer.writers()
    if (clock.monotonicMs() - askedAtMs > listedMs) {
      askedAtMs = clock.monotonicMs()
      void refresh()
    }
    return listed
  }
}
