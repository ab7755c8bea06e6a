import type { Inside } from '../types.ts'
import { textOf } from './blob-text.ts'
import { conflictMarkers } from './conflict-markers.ts'
import { scanSecrets } from './secrets.ts'
import { substanceOf } from './substance.ts'

/** A conflict in a larger file is nobody's to settle by hand. */
const markerBytesMax = 4 * 1024 * 1024

/** What nobody looked into: too large, deleted, or only asked about by name. */
const unseen: Inside = { secrets: [], substance: 'values', conflictLine: null }

/** @param bytes null: they cannot be had, so that anything may be in them */
export async function lookInside(bytes: Uint8Array | null): Promise<Inside> {
  if (bytes === null) return unseen
  return { secrets: await scanSecrets(bytes), substance: substanceOf(bytes), conflictLine: conflictLineOf(bytes) }
}

export function hasMarkers(bytes: Uint8Array): boolean {
  return conflictLineOf(bytes) !== null
}

function conflictLineOf(bytes: Uint8Array): number | null {
  if (bytes.length > markerBytesMax) return null
  const text = textOf(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  return text === null ? null : conflictMarkers(text)
}
