import { counted, printable } from '../printable.ts'
import { inForceText, type InForceFrom } from './filters-add.ts'

interface Refused {
  readonly line: number
  readonly column: number
  readonly text: string
  readonly problem: string
  readonly remedy: string
}

export function refusedLines(file: string, refused: readonly Refused[]): string {
  return refused
    .map(
      ({ line, column, text, problem, remedy }) =>
        `${printable(`${file}:${line}:${column}`)} not converted: ${printable(text)}\n` +
        `  ${printable(problem)} — ${printable(remedy)}\n`,
    )
    .join('')
}

export function convertedText(lines: number, refused: number): string {
  const left = refused === 0 ? '' : `, ${counted(refused, 'line')} not`
  return (
    `${counted(lines, 'line')} converted exactly${left}; nothing is written: --write adds them to the rules. ` +
    'Where several rules match, the order of this program counts (README, Rules)\n'
  )
}

export function importedText(
  source: string,
  added: number,
  isThere: number,
  refused: number,
  from: InForceFrom | null,
): string {
  const where = from === null ? '' : ` to ${printable(source)}; ${inForceText(from)}`
  return [
    `added ${counted(added, 'rule')}${where}`,
    ...(isThere > 0 ? [`${counted(isThere, 'rule')} there already`] : []),
    ...(refused > 0 ? [`${counted(refused, 'line')} not converted`] : []),
  ].join('\n')
}

export const tooManyRules = (file: string) => ({
  message: `${printable(file)} holds more than 10000 rules, the most that a rule file may have`,
  hint: 'name a file of rules, or split it',
})
