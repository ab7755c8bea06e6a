import { join } from 'node:path'
import type { Oid } from '../types.ts'
import type { Workbench } from './workbench.ts'

/** Those of the commits that a branch has been on since its reflog began. */
export function namedInReflog(
  { disk, repository }: Pick<Workbench, 'disk' | 'repository'>,
  ref: string,
  commits: readonly Oid[],
): ReadonlySet<Oid> {
  // Not `log -g`: a reflog may name what is gone by now.
  const text = disk.read(join(repository.commonDir, 'logs', ref))?.toString('latin1') ?? ''
  const seen = new Set(text.split('\n').flatMap((line) => line.slice(0, line.indexOf('\t')).split(' ', 2)))
  return new Set(commits.filter((oid) => seen.has(oid)))
}
