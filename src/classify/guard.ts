import { shellPath } from '../shell.ts'
import type { GuardEvidence, Oid, PathBytes, SecretFinding } from '../types.ts'
import { gathered, type Layer } from './layers.ts'
import { oneLine } from './quoting.ts'
import { secretByName } from './secret-names.ts'

export interface GuardLimits {
  readonly maxFileBytes: number
}

/** Secrets named in one reason; more are counted. */
const namedSecretsLimit = 3

/** Holds what no rule may let through. Only the user's acknowledgement of the very blob does, and not in every case. */
export function createGuardLayer(limits: GuardLimits): Layer {
  return {
    name: 'guard',
    *ask(evidence) {
      const { guard, path } = yield* gathered(evidence, 'guard')
      const fault = faultThatStays(guard, path) ?? (guard.acknowledged ? null : faultToAcknowledge(guard, path, limits))
      if (fault !== null) return { outcome: 'hold', detail: fault }
      return { outcome: 'next', detail: guard.acknowledged ? 'acknowledged by the user' : 'nothing against it' }
    },
  }
}

/** What time or git settles; an acknowledgement would only commit something broken. */
function faultThatStays({ refused, staging, whole, diverged }: GuardEvidence, path: PathBytes): string | null {
  if (refused != null) return refused
  const word = shellPath(path)
  if (staging === 'unmerged') return `has a merge conflict in the index: settle it, then git add ${word}`
  // Before the staging: whoever commits what is older than the branch undoes what the remote changed.
  if (diverged) {
    const resolve = `say which one counts: workspace-sync conflicts resolve ${word}`
    if (staging === 'none') return `changed here and on the remote: ${resolve}`
    return `is staged here and changed on the remote: give it back with git restore --staged ${word}, then ${resolve}`
  }
  if (staging === 'staged') {
    return `is staged: commit it yourself, or give it back with git restore --staged ${word}`
  }
  if (!whole) return 'is still being written: it is looked at again by itself; close the program that has it open'
  return null
}

function faultToAcknowledge(guard: GuardEvidence, path: PathBytes, limits: GuardLimits): string | null {
  const word = shellPath(path)
  const ack = `workspace-sync ack ${word}`
  if (guard.massDeletion) {
    const what = 'is one of very many deletions at once, or of all files there were'
    return `${what}: bring it back with git restore ${word}, or if it is meant: ${ack}`
  }
  if (guard.renamedTo != null) {
    const remedy = 'rename it back, or write an ALLOW rule for the new name'
    return `was renamed to ${oneLine(guard.renamedTo)}: ${remedy}, or if it is to go: ${ack}`
  }
  const faults: string[] =
    guard.exposed === true
      ? ['was ignored here until a pull, or a conflict that was settled, changed the ignore rules']
      : []
  const secrets = secretsOf(guard, path)
  if (secrets.length > 0) faults.push(`looks like a secret: ${described(secrets)}`)
  if (guard.conflictLine !== null && guard.blob?.mode !== '120000') {
    faults.push(`has a merge conflict in line ${guard.conflictLine} that nobody settled`)
  }
  const sizeBytes = guard.blob?.sizeBytes ?? 0
  if (sizeBytes > limits.maxFileBytes) {
    faults.push(`is larger than guard.maxFileSize: ${shownSize(sizeBytes)} of ${shownSize(limits.maxFileBytes)}`)
  }
  if (faults.length === 0) return null
  const isConflict = faults.length === 1 && guard.conflictLine !== null
  const remedy = isConflict ? 'settle it' : 'take it out or ignore it'
  return `${faults.join(', and ')}: ${remedy}, or if it may be shared: ${ack}`
}

/** A link is only a name, and deleting a secret reveals nothing. */
function secretsOf({ blob, secrets, substance }: GuardEvidence, path: PathBytes): readonly SecretFinding[] {
  if (blob === null || blob.mode === '120000') return secrets
  const byName = secretByName(path, substance)
  return byName === null ? secrets : [byName, ...secrets]
}

function described(secrets: readonly SecretFinding[]): string {
  const named = secrets.slice(0, namedSecretsLimit).map(({ kind, line }) => {
    return oneLine(kind) + (line === null ? '' : ` in line ${line}`)
  })
  const others = secrets.length - named.length
  return named.join(', ') + (others > 0 ? ` and ${others} more` : '')
}

/** Steps of 1,024, as sizes are configured; rounded up, so that what is over a limit never reads as equal to it. */
function shownSize(sizeBytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB']
  const step = Math.min(units.length - 1, Math.floor(Math.log2(Math.max(1, sizeBytes)) / 10))
  return `${Math.ceil((sizeBytes / 1024 ** step) * 10) / 10} ${units[step]}`
}

interface DeletionBatch {
  readonly deleted: readonly { readonly path: PathBytes; readonly oid: Oid }[]
  /** Blobs that appear in the same batch: a deleted file whose blob is among them was renamed. */
  readonly createdOids: ReadonlySet<Oid>
  /** At HEAD, so still counting what this batch deletes and no more what `recentlyDeleted` counts. */
  readonly trackedFiles: number
  /** Deleted by commits shortly before: a script's deletions may come in several batches. */
  readonly recentlyDeleted: number
  /** Nothing of what is tracked lies there any more. */
  readonly emptied: boolean
}

interface DeletionLimits {
  readonly files: number
  /** 0 to 1. */
  readonly share: number
}

/** Somebody who removes the only file means it. */
const emptiedFilesMin = 2

/**
 * The deletions to hold: all that are no renames, when they are more than both limits, or leave nothing behind, as a
 * disk does that is not mounted; otherwise none.
 */
export function massDeletions(batch: DeletionBatch, limits: DeletionLimits): readonly PathBytes[] {
  const real = batch.deleted.filter(({ oid }) => !batch.createdOids.has(oid))
  const count = real.length + batch.recentlyDeleted
  const all = batch.trackedFiles + batch.recentlyDeleted
  const isMany = count > limits.files && count > limits.share * all
  const isAll = batch.emptied && all >= emptiedFilesMin
  return isMany || isAll ? real.map(({ path }) => path) : []
}
