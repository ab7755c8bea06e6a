import type { PlanEntry } from '../types.ts'

/**
 * Entries as `update-index -z --index-info` reads them. Deletions first: a file can then take the place of a directory,
 * and the other way round.
 */
export function indexInfo(entries: readonly PlanEntry[], objectFormat: 'sha1' | 'sha256'): Buffer {
  const zeros = '0'.repeat(objectFormat === 'sha1' ? 40 : 64)
  const deletions = entries.filter(({ mode }) => mode === null).map(({ path }) => `0 ${zeros}\t${path}\0`)
  const others = entries.flatMap(({ mode, oid, path }) => (mode === null ? [] : [`${mode} ${oid}\t${path}\0`]))
  return Buffer.from([...deletions, ...others].join(''), 'latin1')
}

/** For an index of ours. Nothing of the user's may reach into it: no shared or sparse entries, no monitor, no hook. */
export const ownIndex = [
  'core.splitIndex=false',
  'core.fsmonitor=false',
  'core.untrackedCache=false',
  'core.sparseCheckout=false',
  'index.sparse=false',
  'core.hooksPath=/dev/null',
].flatMap((setting) => ['-c', setting])
