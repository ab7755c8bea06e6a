import { recent } from '../recent.ts'
import type { PathBytes, Writer } from '../types.ts'
import type { WitnessTier } from './tier.ts'

/** A merge may write a whole tree; beyond this the oldest is forgotten and judged like anybody's write. */
const ownWritesMax = 100_000
const keptMs = 60_000

const self: Writer = { kind: 'self', name: 'workspace-sync', tier: 'T0', confidence: 1, policy: null, session: null }

export interface OwnWrites extends WitnessTier {
  /**
   * Takes down that this daemon wrote `path`, which now lies there with `fingerprint` (null: deleted). To be called
   * before the watcher can have told of it, that is in the same turn as the write.
   */
  wrote(path: PathBytes, fingerprint: string | null, atMs: number): void
}

/** Tier T0: exact, because only the very state that was left behind is ours; any later touch is somebody else's. */
export function createOwnWrites(): OwnWrites {
  const writes = recent<PathBytes, { readonly fingerprint: string | null; readonly atMs: number }>(ownWritesMax)
  return {
    wrote: (path, fingerprint, atMs) => void writes.set(path, { fingerprint, atMs }),
    answer({ path, entry, toMs }) {
      const write = writes.get(path)
      if (write === undefined || toMs - write.atMs > keptMs) return null
      return write.fingerprint === (entry?.fingerprint ?? null) ? self : null
    },
  }
}
