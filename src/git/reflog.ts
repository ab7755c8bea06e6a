import { join } from 'node:path'
import type { Oid } from '../types.ts'
import { readRef } from './heads.ts'
import type { Workbench } from './workbench.ts'

/** Those of the commits that a branch has been on since its reflog began. */
export function namedInReflog(bench: Workbench, ref: string, commits: readonly Oid[]): ReadonlySet<Oid> {
  // Not `log -g`: a reflog may name what is gone by now.
  const text = bench.disk.read(join(bench.repository.commonDir, 'logs', ref))?.toString('latin1') ?? ''
  const seen = new Set(movesIn(text, readRef(bench, ref)).flat())
  return new Set(commits.filter((oid) => seen.has(oid)))
}

/**
 * From what to what a branch went. git writes here before it moves the branch: the last word of one that was killed in
 * between is no move, and the next move begins where it began, too.
 */
function movesIn(reflog: string, tip: Oid | null): readonly (readonly [Oid, Oid])[] {
  const told = reflog
    .split('\n')
    .filter(Boolean)
    .map((line): readonly [Oid, Oid] => {
      const [from = '', to = ''] = line.split(' ', 2)
      return [from, to]
    })
  return told.filter(([from, to], at) => {
    const next = told[at + 1]
    return to === from || (next === undefined ? to === tip : next[0] !== from)
  })
}
