import type { Breaker } from '../../src/classify/classify.ts'
import { massDeletions } from '../../src/classify/classify.ts'
import type { Batch, Evidence, Need, PathBytes, Writer } from '../../src/types.ts'
import type { Surroundings } from './surroundings.ts'
import { clockMs } from './surroundings.ts'
import { entryOf, unknownWriter } from './world.ts'

/** Rested so long, a file is whole. */
const wholeAfterMs = 300
const writerWindowMs = 60_000
const deletions = { files: 50, share: 0.25 }

/** What the daemon can find out about a path of the world, as lazily as it asks. */
export class EvidenceModel {
  private readonly around: Surroundings
  private readonly breaker: Breaker
  private readonly sighted = new Map<PathBytes, number>()
  /** Who wrote what was noticed last: told apart by the instant of the write, kept until the next. */
  private readonly writers = new Map<PathBytes, { readonly atMs: number; readonly writer: Writer }>()

  constructor(around: Surroundings, breaker: Breaker) {
    this.around = around
    this.breaker = breaker
  }

  gather(need: Need, path: PathBytes, guard: Evidence['guard'] | null): Partial<Evidence> {
    const { work, head } = this.around.world
    const base = head.get(path)
    switch (need) {
      case 'scope':
        return { scope: path.startsWith('out/') && base === undefined ? 'ignored' : null }
      case 'base':
        return { base: base === undefined ? null : { mode: '100644', oid: base.oid } }
      case 'writer':
        return { writer: this.writerOf(path) }
      case 'bytes':
        return { bytes: work.get(path)?.bytes ?? null }
      case 'baseBytes':
        return { baseBytes: base?.bytes ?? null }
      case 'growth':
        return { growth: null }
      case 'lane':
        return { lane: this.laneOf(path) }
      case 'guard':
        return guard ? { guard } : {}
    }
  }

  /** Who writes can be seen for a minute; it is noted with the event. */
  private writerOf(path: PathBytes): Writer {
    const { world, timeline } = this.around
    const write = world.lastWrites.get(path)
    if (write === undefined) return unknownWriter
    const noted = this.writers.get(path)
    if (noted?.atMs === write.atMs) return noted.writer
    const writer = timeline.nowMs - write.atMs < writerWindowMs ? write.seen : unknownWriter
    this.writers.set(path, { atMs: write.atMs, writer })
    return writer
  }

  private laneOf(path: PathBytes): NonNullable<Evidence['lane']> {
    const serial = this.around.world.work.get(path)?.serial ?? 0
    if (this.sighted.get(path) !== serial) this.breaker.wrote(path, clockMs(this.around), false)
    this.sighted.set(path, serial)
    return this.breaker.lane(path, clockMs(this.around), this.around.chance)
  }

  massDeletion(batch: Batch): ReadonlySet<PathBytes> {
    const { work, head } = this.around.world
    const gone = batch.paths.flatMap((path) => {
      const oid = work.has(path) ? undefined : head.get(path)?.oid
      return oid === undefined ? [] : [{ path, oid }]
    })
    const createdOids = new Set(batch.paths.flatMap((path) => (head.has(path) ? [] : (work.get(path)?.oid ?? []))))
    const emptied = work.size === 0
    return new Set(
      massDeletions({ deleted: gone, createdOids, trackedFiles: head.size, recentlyDeleted: 0, emptied }, deletions),
    )
  }

  isWhole(path: PathBytes): boolean {
    const { world, timeline } = this.around
    const rested = timeline.nowMs - (world.lastWrites.get(path)?.atMs ?? -Infinity) >= wholeAfterMs
    return rested && world.work.get(path)?.partial !== true
  }

  guardOf(path: PathBytes, massDeletion: boolean): NonNullable<Evidence['guard']> {
    const { work, staged } = this.around.world
    const version = work.get(path)
    const blob =
      version === undefined
        ? null
        : ({ oid: version.oid, mode: '100644', sizeBytes: entryOf(version).sizeBytes } as const)
    const text = version === undefined ? '' : Buffer.from(version.bytes).toString()
    const secrets = text.includes('PRIVATE KEY') ? [{ kind: 'private key', line: 1 }] : []
    const staging = staged.has(path) ? 'staged' : 'none'
    const inside = { secrets, substance: 'values', conflictLine: null } as const
    return { ...inside, blob, whole: this.isWhole(path), staging, massDeletion, diverged: false, acknowledged: false }
  }
}
