/** What a push would send, file by file: a secret that a later commit takes out is sent all the same. */
import { secretByName } from '../classify/classify.ts'
import type { EvidenceRoom } from '../evidence/evidence.ts'
import type { OutgoingChange } from '../git/git.ts'
import type { Oid, PathBytes, SecretFinding } from '../types.ts'

/** What is beyond these is not looked at: a push must not wait for ever. */
export const outgoingLimits = { commits: 5_000, blobs: 20_000, bytes: 512 * 1024 * 1024, totalMs: 20_000 } as const
/** Blobs read at once; the scan of one goes on while others are fetched. */
const readAtOnce = 16

/** A file of a commit, and whether it is still like that after the last one. */
export interface SentFile {
  readonly commit: Oid
  readonly path: PathBytes
  readonly isLink: boolean
  readonly oid: Oid
  readonly before: readonly Oid[]
  readonly isThere: boolean
}

/** The same bytes at the same place are judged once, where they come first. */
export function sentFiles(changes: readonly OutgoingChange[]): readonly SentFile[] {
  const last = new Map(changes.map(({ path, blob }) => [path, blob?.oid ?? null]))
  const found = new Map<string, SentFile>()
  for (const { commit, path, blob, before } of changes) {
    const key = `${blob?.oid} ${path}`
    if (blob === null || found.has(key)) continue
    const { oid, mode } = blob
    found.set(key, { commit, path, oid, before, isLink: mode === '120000', isThere: last.get(path) === oid })
  }
  return [...found.values()]
}

/** @returns what was judged, in order: less than all where a limit was reached. */
export async function judgeInTurn<T extends { readonly readBytes: number }>(
  files: readonly SentFile[],
  isLate: () => boolean,
  judge: (file: SentFile) => Promise<T>,
): Promise<readonly T[]> {
  const within = files.slice(0, outgoingLimits.blobs)
  const judged: T[] = []
  let bytesLeft: number = outgoingLimits.bytes
  while (judged.length < within.length && bytesLeft > 0 && !isLate()) {
    const slice = await Promise.all(within.slice(judged.length, judged.length + readAtOnce).map(judge))
    judged.push(...slice)
    for (const { readBytes } of slice) bytesLeft -= readBytes
  }
  return judged
}

/** By name and by what is in it; of what is larger than `bytesMax`, by name only. */
export async function lookIntoSent(evidence: EvidenceRoom, file: SentFile, bytesMax: number) {
  const { secrets, substance, conflictLine } = await evidence.inside(file.path, file.oid, file.before, bytesMax)
  const byName = file.isLink ? null : secretByName(file.path, substance)
  return { secrets: byName === null ? secrets : [byName, ...secrets], conflictLine }
}

const secretsNamedMax = 3

export function secretsText(secrets: readonly SecretFinding[]): string {
  const named = secrets.slice(0, secretsNamedMax)
  const text = named.map(({ kind, line }) => (line === null ? kind : `${kind} in line ${line}`)).join(', ')
  return secrets.length > named.length ? `${text} and ${secrets.length - named.length} more` : text
}
