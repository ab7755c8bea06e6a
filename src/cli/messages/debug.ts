import { counted, printable } from '../printable.ts'

interface Told {
  readonly path: string
  readonly verdict: 'sync' | 'block' | 'hold'
  readonly provisional: boolean
  readonly layer: string
  readonly reason: string
  readonly class: string
  readonly writer: { readonly kind: string; readonly name: string | null; readonly tier: string | null } | null
  readonly tookMs: number
}

const colors = { sync: '\u001b[32m', block: '\u001b[33m', hold: '\u001b[31m' } as const
const plain = '\u001b[0m'

/** One decision in one line. @param time of day for people. */
export function debugLine(told: Told, time: string, color: boolean): string {
  const { path, verdict, provisional, layer, reason, writer, tookMs } = told
  const word = verdict.padEnd(5)
  const shown = color ? `${colors[verdict]}${word}${plain}` : word
  const who = writer === null || writer.kind === 'unknown' ? '' : `, by ${writer.kind}${nameOf(writer)}`
  // What will be committed is judged again, by the guard too, when its time has come.
  const rest = provisional ? `, waits (${told.class})` : ''
  const text = `${path}  ${layer}: ${reason}${who}${rest}`
  return `${time} ${shown} ${printable(text)} (${tookMs.toFixed(1)} ms)`
}

function nameOf({ name, tier }: NonNullable<Told['writer']>): string {
  return `${name === null ? '' : ` "${name}"`}${tier === null ? '' : ` (${tier})`}`
}

export const linesLost = (count: number): string =>
  `${counted(count, 'decision')} came too quickly to be shown; a path or glob shows fewer`

export const streamEnded = (reason: string): string => `the daemon ${printable(reason)}; nothing more will come`

export const brokenStream = 'the daemon ended without a word; workspace-sync logs may say why'
