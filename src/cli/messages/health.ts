import type { Check } from '../../report/report.ts'
import { counted, printable } from '../printable.ts'

const marks = { pass: 'ok  ', warn: 'warn', fail: 'FAIL' } as const
const colors = { pass: '\u001b[32m', warn: '\u001b[33m', fail: '\u001b[31m' } as const
const noColor = '\u001b[0m'

/** A line for each check, below it what to do; then what it comes to. */
export function checksText(checks: readonly Check[], color: boolean): string {
  const width = Math.max(...checks.map(({ name }) => name.length))
  const lines = checks.flatMap(({ name, outcome, detail, remedy }) => {
    const mark = color ? `${colors[outcome]}${marks[outcome]}${noColor}` : marks[outcome]
    const line = `${mark}  ${name.padEnd(width)}  ${printable(detail)}`
    return remedy === null ? [line] : [line, `${' '.repeat(width + 8)}-> ${printable(remedy)}`]
  })
  return [...lines, verdictText(checks)].join('\n')
}

function verdictText(checks: readonly Check[]): string {
  const failed = checks.filter(({ outcome }) => outcome === 'fail').length
  const doubtful = checks.filter(({ outcome }) => outcome === 'warn').length
  const warnings = doubtful === 0 ? '' : `, ${counted(doubtful, 'warning')}`
  return failed === 0 ? `healthy${warnings}` : `not healthy: ${counted(failed, 'check')} failed${warnings}`
}
