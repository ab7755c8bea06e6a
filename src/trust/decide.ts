import type { BlobOrigin } from '../git/git.ts'

/** Why a file of the workspace's own waits for an acknowledgement. */
export type WaitReason = 'brought' | 'converted' | 'busy' | 'staged' | 'unknown'

export type Standing =
  | { readonly kind: 'in-force'; readonly how: 'consented' | 'edited' }
  | { readonly kind: 'waits'; readonly why: WaitReason }

/**
 * Whether settings or rules of a workspace are in force. What was edited here is; what a commit of somebody else holds
 * waits, however it came into the work tree; whatever cannot be told waits too.
 * @param isConsented somebody said yes to these very bytes in this clone, or they were in force here before
 * @param origin null: git cannot say
 * @param isBusy a command of git is under way, which may have written bytes that no commit holds yet
 * @param isSettled the same was found a moment ago: no command of git is just about to commit them
 */
export function decideTrust(
  isConsented: boolean,
  origin: BlobOrigin | null,
  isBusy: boolean,
  isSettled: boolean,
): Standing {
  if (isConsented) return { kind: 'in-force', how: 'consented' }
  if (origin === null) return waits('unknown')
  if (origin.brought) return waits('brought')
  if (origin.committedHere) return { kind: 'in-force', how: 'edited' }
  if (origin.converted) return waits('converted')
  // What git merges it writes and stages before any commit holds it.
  if (isBusy) return waits('busy')
  if (origin.staged && !isSettled) return waits('staged')
  return { kind: 'in-force', how: 'edited' }
}

export function waitText(why: WaitReason): string {
  return texts[why]
}

const texts: Readonly<Record<WaitReason, string>> = {
  brought: 'came with a clone or a pull',
  converted: 'is converted by git (see .gitattributes), so nobody can tell whether it was edited here',
  busy: 'may come from the git operation that is under way',
  staged: 'may have just been written by git',
  unknown: 'is of an origin that git cannot tell',
}

function waits(why: WaitReason): Standing {
  return { kind: 'waits', why }
}
