/** The branch that is checked out. */
export interface BranchFacts {
  readonly ref: string
  readonly file: string
  /** A symbolic link, as git once kept what points to another ref. */
  readonly isLink: boolean
  /** null: there is no file for it. */
  readonly text: string | null
  readonly log: string
}

interface Condition {
  readonly name: string
  readonly detail: string
}

/** Refs that are not what they look like. @param packedRefs the text of that file */
export function refConditions(packedRefs: string, branch: BranchFacts | null): readonly Condition[] {
  const found: Condition[] = []
  const add = (name: string, detail: string): void => void found.push({ name, detail })
  if (!isWhole(packedRefs)) add('packed-refs', '.git/packed-refs is damaged')
  if (branch === null) return found
  const { ref, file, isLink, text } = branch
  if (isLink || text?.startsWith('ref:') === true) add('symbolic-branch', `${ref} stands for another branch`)
  const last = text === null && !packedRefs.includes(` ${ref}\n`) ? lastIn(branch.log) : null
  if (last !== null) add('lost-branch', `${ref} is gone; its reflog has it at ${last}, to be written into ${file}`)
  return found
}

/** What lost its end, or the ends of its lines, would be a repository without these refs. */
function isWhole(packedRefs: string): boolean {
  const lines = packedRefs.split('\n')
  return lines.pop() === '' && lines.every((line) => /^(?:#.*|\^[0-9a-f]{40}|[0-9a-f]{40} [^ \r]+)$/.test(line))
}

/**
 * What a branch was on last; null: nothing. git removes the log along with the branch. Our own first commit writes
 * there before it makes the branch, and a crash in between is no loss.
 */
function lastIn(log: string): string | null {
  const [, from = '', to = '', words = ''] = /([0-9a-f]+) ([0-9a-f]+) [^\n\t]*\t?([^\n]*)\n?$/.exec(log) ?? []
  if (!/[1-9a-f]/.test(to) || (!/[1-9a-f]/.test(from) && words.startsWith('commit: '))) return null
  return to
}
