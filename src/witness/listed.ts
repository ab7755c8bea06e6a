import { basename } from 'node:path'
import type { ListedProcess } from '../platform/platform.ts'
import type { Writer } from '../types.ts'
import { matchingPattern } from './program-name.ts'
import type { WriterPatterns } from './trees.ts'

/**
 * Configured writers among the processes of a list, with those that only live on in what they started. That they run is
 * all that can be said without `/proc`: nobody is taken for the writer of a file because of it.
 */
export function listedWriters(
  list: readonly ListedProcess[],
  patterns: WriterPatterns,
): readonly Pick<Writer, 'kind' | 'name'>[] {
  const byPid = new Map(list.map((one) => [one.pid, one]))
  const found = list.flatMap((one) => {
    const writer = nearest(one, byPid, patterns)
    return writer === null ? [] : [writer]
  })
  return [...new Map(found.map((writer) => [`${writer.kind} ${writer.name}`, writer])).values()]
}

/** Parents in a row that are asked; a longer line is a loop of reused pids. */
const lineMax = 64

function nearest(
  process: ListedProcess,
  byPid: ReadonlyMap<number, ListedProcess>,
  { autonomous, agent }: WriterPatterns,
): Pick<Writer, 'kind' | 'name'> | null {
  let one: ListedProcess | undefined = process
  for (let depth = 0; one !== undefined && depth < lineMax; depth++) {
    const name = basename(one.executable)
    if (matchingPattern([name], autonomous) !== null) return { kind: 'autonomous', name }
    if (matchingPattern([name], agent) !== null) return { kind: 'agent', name }
    one = byPid.get(one.parent)
  }
  return null
}
