import type { Failure, Oid } from '../types.ts'

/** Commits go on without an upstream; there is only nowhere to push them to. */
export function noUpstream(ref: string): { readonly kind: 'failed'; readonly failure: Failure } {
  const branch = ref.replace(/^refs\/heads\//, '')
  return { kind: 'failed', failure: { ...missing, detail: `branch ${branch} has no upstream` } }
}

const missing: Failure = {
  name: 'no-upstream',
  detail: '',
  hint: 'run: git push --set-upstream <remote> <branch>',
  heals: 'person',
}

/** `push.userCommits` is off: whoever made them pushes them. */
export function userCommitsWait(count: number): { readonly kind: 'failed'; readonly failure: Failure } {
  const detail = `${count} commits that people made are not pushed yet, and push.userCommits is false`
  return { kind: 'failed', failure: { name: 'user-commits', detail, hint: 'push them: git push', heals: 'person' } }
}

export type Verified =
  | { readonly kind: 'view'; readonly ahead: number; readonly behind: number; readonly tip: Oid | null }
  | { readonly kind: 'failed'; readonly failure: Failure }

/** What the remote's tip alone settles: it is our commit, or there is none and the remote lacks at least ours. */
export function viewOfTip(tip: Oid | null): Verified {
  return { kind: 'view', ahead: tip === null ? 1 : 0, behind: 0, tip }
}
