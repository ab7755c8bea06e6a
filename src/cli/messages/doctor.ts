import type { Fixed } from '../../health/health.ts'
import { printable } from '../printable.ts'

/** What was mended, before the checks as they are now; empty when nothing was. */
export function fixedText(fixed: readonly Fixed[]): string {
  return fixed.map(({ name, detail }) => `fixed ${name}: ${printable(detail)}\n`).join('')
}
