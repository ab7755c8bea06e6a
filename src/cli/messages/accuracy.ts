import type { Judged, Score, Tally } from '../../accuracy/accuracy.ts'
import { counted, printable } from '../printable.ts'

/** Wrong ones shown of a class; more are counted. */
const examplesShown = 3

/** Tables by scenario and class, then examples of what is wrong. */
export function accuracyText(score: Score): string {
  const { total, scenarios, classes } = score
  const wrongClasses = classes.filter(({ paths, right }) => right < paths)
  return [
    ...table('scenario', [...scenarios, total]),
    '',
    ...(wrongClasses.length === 0 ? [] : [...table('class', wrongClasses), '', ...examples(score), '']),
    'blocked, held: kept here though somebody wants it on the remote. synced: committed',
    'though it is a program’s own. left: on the remote though it must not be.',
    verdict(score),
  ].join('\n')
}

function table(title: string, rows: readonly Tally[]): readonly string[] {
  const line = (cells: readonly (string | number)[]): string => {
    const [name = '', ...numbers] = cells.map((cell) => printable(String(cell)))
    return `${name.padEnd(34)}${numbers.map((cell) => cell.padStart(8)).join('')}`.trimEnd()
  }
  return [
    line([title, 'paths', 'right', 'blocked', 'held', 'synced', 'left']),
    ...rows.map((row) =>
      line([row.name, row.paths, row.right, row.falseBlock, row.falseHold, row.falseSync, row.missedHold]),
    ),
  ]
}

function examples({ wrong }: Score): readonly string[] {
  const groups = new Map<string, Judged[]>()
  for (const one of wrong) {
    const key = `${one.by}: ${one.class}, wanted ${one.wanted}`
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups].flatMap(([name, members]) => {
    const shown = members.slice(0, examplesShown)
    const rest = members.length - shown.length
    return [
      printable(name),
      ...shown.map(({ path, verdict: decision, layer, reason }) =>
        printable(`  ${path}: ${decision} (${layer}: ${reason})`),
      ),
      ...(rest > 0 ? [`  and ${rest} more`] : []),
    ]
  })
}

function verdict({ ok, total }: Score): string {
  const share = total.paths === 0 ? 100 : (100 * total.right) / total.paths
  const found = `${total.right} of ${counted(total.paths, 'path')} right (${share.toFixed(1)} %)`
  return ok
    ? `${found}; nothing wanted is kept back, and no harm leaves`
    : `${found}; something wanted is kept back, or a harm leaves`
}
