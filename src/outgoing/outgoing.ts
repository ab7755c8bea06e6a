/** What a push would send, file by file: a secret that a later commit takes out is sent all the same. */
import { secretByName } from '../classify/classify.ts'
import type { EvidenceRoom } from '../evidence/evidence.ts'
import type { OutgoingChange } from '../git/git.ts'
import type { Oid, PathBytes, SecretFinding } from '../types.ts'

/** What is beyond these is not looked at: a push must not wait for ever. */
export const outgoingLimits = { commits: 5_000, blobs: 20_000, bytes: 512 * 1024 * 1024, totalMs: 20_000 } as const
/** Blobs read at once, and how much they may be together; the scan of one goes on while others are fetched. */
const readAtOnce = { blobs: 16, bytes: 64 * 1024 * 1024 } as const

/** A file of a commit, and whether it is still like that after the last one. */
export interface SentFile {
  readonly commit: Oid
  /** Where a rebase begins that can change the commit. */
  readonly rebaseFrom: string
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
  for (const { commit, isRoot, path, blob, before } of changes) {
    const key = `${blob?.oid} ${path}`
    if (blob === null || found.has(key)) continue
    const { oid, mode } = blob
    const rebaseFrom = isRoot ? '--root' : `${commit.slice(0, 10)}^`
    found.set(key, {
      commit,
      rebaseFrom,
      path,
      oid,
      before,
      isLink: mode === '120000',
      isThere: last.get(path) === oid,
    })
  }
  return [...found.values()]
}

export interface Judging<T> {
  /** What is larger is not read. */
  readonly bytesMax: number
  /** In bytes; 0 for what need not be read. */
  sizeOf(file: SentFile): Promise<number>
  judge(file: SentFile, sizeBytes: number): Promise<T>
  isLate(): boolean
}

/** @returns what was judged, in order: less than all where a limit was reached. */
export async function judgeInTurn<T>(files: readonly SentFile[], judging: Judging<T>): Promise<readonly T[]> {
  const within = files.slice(0, outgoingLimits.blobs)
  const sizes: number[] = []
  const judged: T[] = []
  const toRead = (at: number): number => ((sizes[at] ?? 0) > judging.bytesMax ? 0 : (sizes[at] ?? 0))
  let bytesLeft: number = outgoingLimits.bytes
  while (judged.length < within.length && bytesLeft > 0 && !judging.isLate()) {
    const next = within.slice(sizes.length, judged.length + readAtOnce.blobs)
    sizes.push(...(await Promise.all(next.map((file) => judging.sizeOf(file)))))
    const from = judged.length
    let to = from
    let bytes = 0
    do bytes += toRead(to++)
    while (to < sizes.length && bytes + toRead(to) <= readAtOnce.bytes)
    const slice = within.slice(from, to).map((file, at) => judging.judge(file, sizes[from + at] ?? 0))
    judged.push(...(await Promise.all(slice)))
    bytesLeft -= bytes
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
