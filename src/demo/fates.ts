import type { RemoteCommit } from '../git/git.ts'
import type { Report, StatusFile } from '../report/report.ts'
import { indexer, monitor } from './script.ts'

export type Decided = Extract<Report, { readonly kind: 'decided' }>

/** What became of one file that somebody wrote. */
export interface FileFate {
  readonly path: string
  readonly by: 'program' | 'person'
  readonly writes: number
  /** Commits on the remote that hold it. */
  readonly commits: number
  /** Of the newest version. waiting: it was not on the remote when the demo ended. */
  readonly state: 'synced' | 'blocked' | 'held' | 'slow' | 'waiting'
  /** In the daemon's words; empty for what is synced or only needs time. */
  readonly reason: string
}

export interface Facts {
  /** Times each file was written. */
  readonly writes: ReadonlyMap<string, number>
  /** Asked of the remote. */
  readonly commits: readonly RemoteCommit[]
  /** The last decision about each path. */
  readonly decisions: ReadonlyMap<string, Decided>
  /** What people saved and the remote does not have. */
  readonly open: ReadonlySet<string>
  /** Of the daemon, at the end; null: it did not answer. */
  readonly status: StatusFile | null
}

/** What has a reason worth telling; the others only need time. */
const explained: ReadonlySet<FileFate['state']> = new Set(['blocked', 'slow'])
const programs: ReadonlySet<string> = new Set([monitor.path, indexer.path, indexer.log])

/** In the order in which the files were first written. */
export function fatesOf({ writes, commits, decisions, status, open }: Facts): readonly FileFate[] {
  return [...writes].map(([path, count]) => {
    const decided = decisions.get(path)
    const held = status?.held.find((one) => one.path === path)
    const pending = status?.pending.find((one) => one.path === path)
    const inCommits = commits.filter(({ paths }) => paths.includes(path)).length
    const state = stateOf(
      held !== undefined,
      pending?.class ?? (open.has(path) ? 'open' : null),
      decided?.decision === 'block',
      inCommits,
    )
    return {
      path,
      by: programs.has(path) ? 'program' : 'person',
      writes: count,
      commits: inCommits,
      state,
      reason: held?.reason ?? (explained.has(state) ? (decided?.reason ?? '') : ''),
    }
  })
}

function stateOf(isHeld: boolean, waitsAs: string | null, isBlocked: boolean, commits: number): FileFate['state'] {
  if (isHeld) return 'held'
  if (isBlocked) return 'blocked'
  if (waitsAs !== null) return waitsAs === 'slow' ? 'slow' : 'waiting'
  return commits > 0 ? 'synced' : 'waiting'
}
