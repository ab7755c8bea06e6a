import type { Check } from '../../health/health.ts'
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

/** For whoever pushes: only what is wrong, first what refuses it. Empty when nothing is. */
export function refusalText(checks: readonly Check[]): string {
  const told = (wanted: Check['outcome'], word: string): readonly string[] =>
    checks
      .filter(({ outcome }) => outcome === wanted)
      .flatMap(({ name, detail, remedy }) => [
        `workspace-sync ${word}: ${name}: ${printable(detail)}`,
        ...(remedy === null ? [] : [`  -> ${printable(remedy)}`]),
      ])
  const lines = [...told('fail', 'refuses this push'), ...told('warn', 'warns')]
  return lines.length === 0 ? '' : `${lines.join('\n')}\n`
}

export const usageOf = {
  message: 'a remote, --stdin and --hook belong to --pre-push',
  hint: 'workspace-sync health --pre-push origin',
}
