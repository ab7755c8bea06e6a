import { SyncError } from '../errors.ts'
import { noCount } from './messages/journal.ts'

const countMax = 10_000

/** The value of `-n`. @throws SyncError `usage`. */
export function countOf(text: unknown, otherwise: number): number {
  if (typeof text !== 'string') return otherwise
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0
  if (count >= 1 && count <= countMax) return count
  const { message, hint } = noCount(text)
  throw new SyncError('usage', message, hint)
}
