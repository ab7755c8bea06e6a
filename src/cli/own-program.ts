import { join } from 'node:path'

/** This very program, as a hook calls it. */
export const ownProgram = join(import.meta.dirname, '..', '..', 'bin', 'workspace-sync.js')
