import { createHash } from 'node:crypto'
import { SyncError } from '../../errors.ts'
import type { Oid } from '../../types.ts'
import { treeEntries } from '../parse.ts'
import type { Integrity } from '../survey.ts'
import type { EmbeddedParts } from './verbs.ts'

/** Everything that these commits lead to is there, and is what its name says. */
export async function checkObjects(
  { objects, commits, bench }: EmbeddedParts,
  tips: readonly Oid[],
  deadlineMs: number,
): Promise<Integrity> {
  const endsAtMs = bench.clock.monotonicMs() + deadlineMs
  const seen = new Set<Oid>(tips)
  const waiting = [...tips]
  const lead = (oid: Oid): void => {
    if (seen.has(oid)) return
    seen.add(oid)
    waiting.push(oid)
  }
  try {
    for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
      if (bench.clock.monotonicMs() > endsAtMs) return { kind: 'late' }
      const object = await objects.read(oid)
      if (object === null) return { kind: 'broken', detail: `object ${oid} is missing` }
      const { type, bytes } = object
      const name = createHash('sha1').update(`${type} ${bytes.length}\0`).update(bytes).digest('hex')
      if (name !== oid) return { kind: 'broken', detail: `object ${oid} is corrupt` }
      if (type === 'commit') {
        const { tree, parents } = await commits.read(oid)
        for (const next of [tree, ...parents]) lead(next)
      } else if (type === 'tree') {
        for (const entry of treeEntries(bytes, 20).values()) if (entry.mode !== '160000') lead(entry.oid)
      } else if (type === 'tag') {
        const tagged = /^object ([0-9a-f]{40})$/m.exec(bytes.toString('latin1'))?.[1]
        if (tagged !== undefined) lead(tagged)
      }
    }
    return { kind: 'whole' }
  } catch (error) {
    if (error instanceof SyncError) return { kind: 'broken', detail: error.message }
    throw error
  }
}
