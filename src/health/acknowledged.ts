import { join } from 'node:path'
import { wholeFile } from '../platform/platform.ts'
import type { Oid } from '../types.ts'

/**
 * Blobs that somebody said may leave, read straight from `state.json`: loading the whole daemon for it would take a
 * third of the time that a push may be held up. What cannot be read acknowledges nothing.
 */
export function acknowledgedBlobs(stateDir: string): ReadonlySet<Oid> {
  try {
    const state: unknown = JSON.parse(wholeFile.read(join(stateDir, 'state.json')) ?? 'null')
    const list: unknown =
      typeof state === 'object' && state !== null && 'acknowledged' in state ? state.acknowledged : []
    return new Set(Array.isArray(list) ? list.flatMap(oidOf) : [])
  } catch {
    return new Set()
  }
}

function oidOf(one: unknown): readonly Oid[] {
  if (typeof one === 'string') return [one]
  const isBlob = typeof one === 'object' && one !== null && 'oid' in one && 'what' in one && one.what === 'blob'
  return isBlob ? [String(one.oid)] : []
}
