import { describe, type Reporter } from '../report/report.ts'
import type { Context } from './context.ts'
import { printable } from './printable.ts'

/** A daemon in the foreground tells what it does, a line each; decisions only with `-v`, and nothing beside JSON. */
export function terminalReporter(context: Context): Reporter | null {
  if (context.quiet || context.json) return null
  return (report) => {
    const { level, text } = describe(report)
    if (level === 'debug' && !context.verbose) return
    const time = new Date(context.clock.nowMs()).toTimeString().slice(0, 8)
    context.out(`${time} ${printable(text)}\n`)
  }
}
