import { SyncError } from '../errors.ts'
import type { Unseen } from './check.ts'
import { typedHint } from './words.ts'

const systemRemedy = 'check permissions, free space and the disk, then ask again'

/** A look that fails is a fact of its own: the other looks go on. */
export async function seen<T extends object>(look: () => T | Promise<T>): Promise<T | Unseen> {
  try {
    return await look()
  } catch (error) {
    const unseen = error instanceof Error ? error.message : String(error)
    return { unseen, remedy: error instanceof SyncError ? typedHint(error.hint) : systemRemedy }
  }
}
