import type { Trouble, TroubleKind } from './troubles.ts'

type Told = Pick<Trouble, 'kind' | 'text'>

/** The most urgent first. */
const order: readonly TroubleKind[] = ['paused', 'held', 'asked', 'conflict', 'quarantined', 'waiting']
const linesMax = 2

/** One or two lines: each kind of trouble in one, with the command that settles it. */
export function summaryLines(troubles: readonly Told[]): readonly string[] {
  const groups = order
    .map((kind) => troubles.filter((one) => one.kind === kind))
    .filter((group) => group.length > 0)
    .map(groupLine)
  const more = groups.length - linesMax
  return groups.slice(0, linesMax).map((line, index) => {
    const isLast = index === linesMax - 1
    return isLast && more > 0 ? `${line} (and ${more} more: workspace-sync status)` : line
  })
}

function groupLine(group: readonly Told[]): string {
  const text = group[0]?.text ?? ''
  return group.length === 1 ? text : `${text} (and ${group.length - 1} more like it: workspace-sync status)`
}
