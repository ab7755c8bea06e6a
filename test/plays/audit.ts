/**
 * What became of the branches, told by their reflogs: each move of a branch, whoever made it. The daemon only ever adds:
 * it takes no commit out, brings nothing back, and leaves branches alone that are not its own.
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { git } from '../machines/clone.ts'

interface Move {
  readonly old: string
  readonly oid: string
  readonly reason: string
}

export interface Audit {
  /** Looks at every move since the last time. @returns what should not have been */
  look(): readonly string[]
  /** Moves by the daemon so far: commits and integrations. */
  readonly counts: { commits: number; integrations: number; byPerson: number }
  /** Paths that a person had lie there again, and that a commit of ours brought back therefore, each with its move. */
  readonly putBack: readonly string[]
}

/** By which move, by its number from 0. */
interface Removal {
  readonly at: number
  readonly by: string
}

/** Subjects of a person's commits begin so. */
const byHand = 'user-'
let commits = 0

/** Of a person's commit: like no other. */
export function message(): readonly string[] {
  return ['-m', `${byHand}${commits++}`]
}

/**
 * @param listed branches that are the daemon's, and others that are not
 * @param wasPut whether a person had the file lie in the work tree between two moves of a branch, by their numbers from 0
 */
export function createAudit(
  root: string,
  { listed, others }: { readonly listed: readonly string[]; readonly others: readonly string[] },
  wasPut: (branch: string, path: string, removedAt: number, broughtAt: number) => boolean,
): Audit {
  const counts = { commits: 0, integrations: 0, byPerson: 0 }
  const putBack: string[] = []
  const ids = new Set<string>()
  const branches = [...listed, ...others].map((branch) => ({
    branch,
    isListed: listed.includes(branch),
    done: 0,
    /** What a move has taken away, and no person has brought back. */
    removed: new Map<string, Removal>(),
  }))
  const lookAt = (one: (typeof branches)[number]): readonly string[] => {
    const moves = movesOf(root, one.branch)
    const faults: string[] = []
    for (let at = one.done; at < moves.length; at++) {
      const move = moves[at]
      if (move === undefined) continue
      if (at > 0 && moves[at - 1]?.oid !== move.old) faults.push('a move between two others is not told')
      const isOurs = isAutomatic(move)
      if (!isOurs) counts.byPerson += 1
      else if (move.reason.startsWith('integrate: ')) counts.integrations += 1
      else counts.commits += 1
      if (isOurs && !one.isListed) faults.push(`${move.oid} (${move.reason}): a branch that is not ours`)
      if (isOurs) faults.push(...onlyAdds(root, move), ...saysSomethingNew(root, move, ids))
      const isPut = (path: string, removedAt: number): boolean => {
        const isByPerson = wasPut(one.branch, path, removedAt, at)
        if (isByPerson) putBack.push(`${one.branch} ${path} ${move.oid}`)
        return isByPerson
      }
      faults.push(...broughtBack(root, move, at, one.removed, isOurs, isPut))
    }
    one.done = moves.length
    return faults.map((fault) => `${one.branch}: ${fault}`)
  }
  return { counts, putBack, look: () => branches.flatMap(lookAt) }
}

function movesOf(root: string, branch: string): readonly Move[] {
  const log = join(root, '.git', 'logs', 'refs', 'heads', branch)
  if (!existsSync(log)) return []
  const lines = readFileSync(log, 'utf8').split('\n').filter(Boolean)
  return lines.map((line) => {
    const [old = '', oid = ''] = line.split(' ', 2)
    return { old, oid, reason: line.slice(line.indexOf('\t') + 1) }
  })
}

function isAutomatic({ reason }: Move): boolean {
  return reason.startsWith('integrate: ') || (reason.startsWith('commit: ') && !reason.startsWith(`commit: ${byHand}`))
}

/** A commit on exactly what was there; an integration has it among its ancestors. */
function onlyAdds(root: string, { old, oid, reason }: Move): readonly string[] {
  const parents = git(root, 'rev-list', '--parents', '-1', oid).split(' ').slice(1)
  if (!reason.startsWith('integrate: ')) {
    return parents.join() === old ? [] : [`${oid} (${reason}) stands on ${parents.join()} and replaced ${old}`]
  }
  const lost = git(root, 'rev-list', '--max-count=3', old, `^${oid}`)
  return lost === '' ? [] : [`${oid} (${reason}) dropped ${lost.split('\n').join()}`]
}

/** A person's rebase makes copies of our commits; we never make one twice, nor one of nothing. */
function saysSomethingNew(root: string, { old, oid, reason }: Move, ids: Set<string>): readonly string[] {
  if (reason.startsWith('integrate: ')) return []
  const id = git(root, 'show', '-s', '--format=%(trailers:key=Workspace-Sync-Id,valueonly,separator=)', oid)
  const faults = ids.has(id) ? [`${oid}: a second commit of ${id}`] : []
  ids.add(id)
  const trees = git(root, 'rev-parse', `${old}^{tree}`, `${oid}^{tree}`).split('\n')
  return trees[0] === trees[1] ? [...faults, `${oid}: changes nothing`] : faults
}

function broughtBack(
  root: string,
  { old, oid, reason }: Move,
  at: number,
  removed: Map<string, Removal>,
  isOurs: boolean,
  isPut: (path: string, removedAt: number) => boolean,
): readonly string[] {
  if (/^0+$/.test(old)) return []
  const faults: string[] = []
  for (const line of git(root, 'diff', '--name-status', '--no-renames', old, oid, '--', 'u')
    .split('\n')
    .filter(Boolean)) {
    const [how = '', path = ''] = line.split('\t')
    if (how === 'D') removed.set(path, { at, by: `${oid} (${reason})` })
    if (how !== 'A') continue
    const removal = removed.get(path)
    removed.delete(path)
    if (removal !== undefined && isOurs && !isPut(path, removal.at))
      faults.push(`${oid} (${reason}) brought back ${path} after ${removal.by}`)
  }
  const isIntegration = reason.startsWith('integrate: ')
  // Longer numbers are of others: what they pushed lies on the remote and comes in again, whatever a reset took out.
  const changes = git(root, 'diff', '--no-renames', old, oid)
  for (const [, sign, mark = ''] of changes.matchAll(/^([-+]).*?(mark-\d{1,6}-\d+)/gm)) {
    if (sign === '-') removed.set(mark, { at, by: oid })
    else if (removed.delete(mark) && isIntegration) faults.push(`${oid} (${reason}) brought back ${mark}`)
  }
  return faults
}
