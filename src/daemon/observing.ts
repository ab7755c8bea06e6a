import type { Config } from '../config/config.ts'
import { processes } from '../platform/platform.ts'
import type { PathBytes } from '../types.ts'
import { createOwnWrites, createWitness, Observer, type OwnWrites, type Witness } from '../witness/witness.ts'
import { livingWriters, type LivingWriter } from './living-writers.ts'
import type { DaemonOptions } from './options.ts'
import type { StateStore } from './state-file.ts'

/** Paths that wait to be looked at again; a batch looks at every path once more in any case. */
const attributedMax = 5_000

export interface Observing {
  readonly witness: Witness
  readonly ownWrites: OwnWrites
  readonly observer: Observer | null
  readonly livingWriters: () => readonly LivingWriter[]
  readonly takeAttributed: () => readonly PathBytes[]
}

/** Watches who writes, tells the loop when it found out, and forgets declared writers that have ended. */
export function observing(
  { engine, clock, watch }: DaemonOptions,
  config: () => Config,
  state: StateStore,
  later: { ring(): void; isTreeKnown(): boolean },
): Observing {
  const attributed = new Set<PathBytes>()
  const takeAttributed = (): readonly PathBytes[] => {
    const paths = [...attributed]
    attributed.clear()
    return paths
  }
  const ownWrites = createOwnWrites()
  if (!watch) {
    return { witness: createWitness([ownWrites]), ownWrites, observer: null, livingWriters: () => [], takeAttributed }
  }
  const observer = new Observer({
    root: engine.repository.root,
    clock,
    patterns: () => config().writers,
    declared: state.value.declared,
    authors: state.value.authors,
    isTreeKnown: () => later.isTreeKnown(),
    onEnded({ tagHash, cgroup }) {
      if (cgroup !== null) processes.cgroups.remove(cgroup)
      try {
        state.update({ declared: state.value.declared.filter((one) => one.tagHash !== tagHash) })
      } catch {
        // A full disk: the next daemon finds nobody of it alive, and forgets it then.
      }
    },
    onNews(paths) {
      for (const path of paths) if (attributed.size < attributedMax) attributed.add(path)
      later.ring()
    },
  })
  const witness = createWitness([ownWrites, observer.authors])
  return { witness, ownWrites, observer, livingWriters: livingWriters(observer, clock, config), takeAttributed }
}
