/** Pushed history that was changed, here or on the remote: what a person has to know to say which one counts. */
import type { GitEngine } from '../git/git.ts'
import type { Oid, Pause } from '../types.ts'

/** Commits of the remote's that are looked at; what lies further back counts as never here. */
const theirsMax = 1_000
/** Commits named in one sentence; more are counted. */
const namedMax = 5

/** Valid as long as HEAD is on this commit. */
export interface Rewritten {
  /** null: the branch is unborn. */
  readonly head: Oid | null
  /** null: the branch was deleted over there. */
  readonly tip: Oid | null
  /** A commit that only the older of the two histories has. */
  readonly lost: Oid
  readonly where: 'here' | 'there'
  /** Commits of the remote's that were never on this branch, oldest first: somebody else's work. */
  readonly foreign: readonly Oid[]
}

/** Why nothing was replaced, and what to do. */
export interface Refusal {
  readonly problem: string
  readonly remedy: string
}

/**
 * What would be lost with the remote's history though nobody here has ever had it.
 * @param had the last commit that both were known to have: a branch that is deleted takes its reflog along
 */
export async function foreignCommits(
  { merging }: Pick<GitEngine, 'merging'>,
  ref: string,
  { head, tip, had }: { readonly head: Oid | null; readonly tip: Oid; readonly had: Oid | null },
): Promise<readonly Oid[]> {
  // A branch without commits has nothing that could take their place.
  if (head === null) return []
  const theirs = await merging.commitsBetween(head, tip, theirsMax)
  const wereHere = new Set([...(await merging.wereHere(ref, theirs)), had])
  const newest = theirs.findLast((oid) => wereHere.has(oid))
  // A branch goes over several commits at once when it is pulled.
  const since = newest === undefined ? theirs : await merging.commitsBetween(newest, tip, theirsMax)
  const later = new Set(since)
  return theirs.filter((oid) => later.has(oid) && !wereHere.has(oid))
}

/** What is so as well of a HEAD that has moved on since: on top, and without what settles it. null: it is settled. */
export async function stillRewritten(
  { history }: Pick<GitEngine, 'history'>,
  rewritten: Rewritten | null,
  head: Oid | null,
): Promise<Rewritten | null> {
  if (rewritten === null || rewritten.head === head || head === null) return rewritten
  if (rewritten.head !== null && !(await history.isAncestor(rewritten.head, head))) return rewritten
  const { lost, tip, where } = rewritten
  const isSettled =
    where === 'here'
      ? await history.isAncestor(lost, head)
      : tip !== null && (await history.isAncestor(tip, head)) && !(await history.isAncestor(tip, lost))
  return isSettled ? null : { ...rewritten, head }
}

export function rewrittenPause(rewritten: Rewritten | null, head: Oid | null): Pause | null {
  if (rewritten === null || rewritten.head !== head) return null
  const { lost, tip, where, foreign } = rewritten
  if (tip === null) {
    const gone = `the remote's branch, which had ${short(lost)}, was deleted there`
    return pauseOf(gone, 'to make it there again: workspace-sync sync --replace-remote')
  }
  if (head === null) {
    const emptied = `this branch, which had ${short(lost)}, has no commits any more, and the remote's has ${short(tip)}`
    return pauseOf(emptied, `to take that over again: git merge --ff-only ${short(tip)}; ${emptiedRemedy}`)
  }
  const what =
    where === 'here'
      ? `the remote has ${short(lost)}, which was taken out of this branch here (amend, rebase or reset)`
      : `the remote's branch does not have ${short(lost)} any more, as this branch has: its history was rewritten there`
  const more = foreign.length === 0 ? '' : `; the remote also has ${counted(foreign)} that this branch never had`
  return pauseOf(`${what}${more}`, remedyOf(rewritten, tip))
}

const emptiedRemedy = 'to put something else in its place: save that here, then workspace-sync sync --replace-remote'

function pauseOf(what: string, remedy: string): Pause {
  return { name: 'rewritten', detail: `${what}; ${remedy}`, remedy, stops: 'push' }
}

/** By ids, not names: they mean the same whatever is fetched meanwhile. */
function remedyOf({ head, lost, where, foreign }: Rewritten, tip: Oid): string {
  const replace =
    foreign.length === 0
      ? 'to put this branch in its place: workspace-sync sync --replace-remote'
      : `to keep both: git merge ${short(tip)}; to put this branch in its place: ` +
        'workspace-sync sync --replace-remote (it says first what would be lost)'
  // What was committed since, by a person or by itself, stays on a branch of its own.
  const keeping = `git branch kept-${short(head ?? tip)} && git reset --keep ${short(tip)}`
  const takeOver = where === 'here' ? keeping : `git rebase --autostash --onto ${short(tip)} ${short(lost)}`
  return `${replace}; to take over the remote's instead: ${takeOver}`
}

/** What to say to somebody who is about to throw away what they may never have seen. */
export async function foreignProblem(
  { history }: Pick<GitEngine, 'history'>,
  foreign: readonly Oid[],
  tip: Oid,
): Promise<Refusal> {
  const named: string[] = []
  for (const oid of foreign.slice(-namedMax)) {
    const subject = (await history.commit(oid))?.subject ?? ''
    named.push(`${short(oid)} "${subject}"`)
  }
  const more = foreign.length > named.length ? `, and ${foreign.length - named.length} before them` : ''
  return {
    problem: `the remote has what this branch never had: ${named.join(', ')}${more}; nothing was replaced`,
    remedy:
      `take over what you want of them (git cherry-pick), or keep both (git merge ${short(tip)}); ` +
      `to throw them away: workspace-sync sync --replace-remote --discard ${short(tip)}`,
  }
}

function counted(commits: readonly Oid[]): string {
  if (commits.length === 1) return `a commit (${short(commits[0] ?? '')})`
  return `${commits.length} commits (the last is ${short(commits.at(-1) ?? '')})`
}

function short(oid: Oid): string {
  return oid.slice(0, 10)
}
