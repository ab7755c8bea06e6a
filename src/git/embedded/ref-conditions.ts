/** The branch that is checked out. */
export interface BranchFacts {
  readonly ref: string
  /** A symbolic link, as git once kept what points to another ref. */
  readonly isLink: boolean
  /** null: there is no file for it. */
  readonly text: string | null
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
  if (branch !== null && (branch.isLink || branch.text?.startsWith('ref:') === true)) {
    add('symbolic-branch', `${branch.ref} stands for another branch`)
  }
  return found
}

/** What lost its end, or the ends of its lines, would be a repository without these refs. */
function isWhole(packedRefs: string): boolean {
  const lines = packedRefs.split('\n')
  return lines.pop() === '' && lines.every((line) => /^(?:#.*|\^[0-9a-f]{40}|[0-9a-f]{40} [^ \r]+)$/.test(line))
}
