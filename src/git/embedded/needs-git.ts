import { SyncError } from '../../errors.ts'
import type { Failure } from '../../types.ts'
import type { Git } from '../run.ts'
import type { Condition } from './conditions.ts'

/** What this engine does not do, it does not do halfway: it waits for git. */
export function needsGit(what: string): Failure {
  return { name: 'git-missing', detail: `this needs git: ${what}`, hint: 'install git 2.38 or later', heals: 'person' }
}

export function needsGitError(what: string): SyncError {
  const { detail, hint } = needsGit(what)
  return new SyncError('system', detail, hint)
}

/** The repository became one that this engine must leave alone. */
export function conditionFailure({ name, detail }: Condition): Failure {
  return needsGit(`${detail} (${name})`)
}

const answer = { code: null, stdout: Buffer.alloc(0), stderr: '', fault: 'missing' } as const

/** Whoever asks git all the same is told that there is none. */
export const withoutGit: Git = {
  run: () => Promise.resolve(answer),
  start: (_args, events) => {
    queueMicrotask(() => events.ended('git was not found on PATH'))
    return { send: () => {}, end: () => {}, kill: () => {} }
  },
}
