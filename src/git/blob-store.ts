import type { Oid, PathBytes } from '../types.ts'
import { atOnce } from './at-once.ts'
import { createConversation } from './conversation.ts'
import type { Death, Parsed } from './conversation.ts'
import { quotedLine } from './dialogue.ts'
import type { FileIdentity } from './disk.ts'
import type { WrittenBlob } from './engine.ts'
import { detailOf, failureOf, repositoryError } from './failures.ts'
import type { Git } from './run.ts'
import type { Workbench } from './workbench.ts'

export interface BlobRequest {
  readonly path: PathBytes
  readonly kind: 'file' | 'link'
}

export type Written = Map<PathBytes, WrittenBlob>

/** A place that blobs are written to as `git add` would, filters applied. */
export interface BlobStore {
  write(requests: readonly BlobRequest[], written: Written): Promise<void>
  file(path: PathBytes): Promise<WrittenBlob>
  /** Bytes of the files that were written here so far. */
  sizeBytes(): number
  /** Attributes and configuration are read once by the helper. What it was asked is still answered. */
  restart(): void
  close(): void
}

export interface StoreOptions {
  /** Writes its objects where they are wanted. */
  readonly git: Git
  /** Whether each object has to last. */
  readonly sync: readonly string[]
  /** Takes larger files. */
  readonly beyond: { readonly sizeBytes: number; readonly store: BlobStore } | null
}

/** Files that are written at once; the conversation keeps its own measure below that. */
const writtenAtOnce = 64

export function createBlobStore(bench: Workbench, { git, sync, beyond }: StoreOptions): BlobStore {
  const { disk, deadlines, repository } = bench
  const talk = createConversation(bench, [...sync, 'hash-object', '-w', '--stdin-paths'], git)
  const absolute = (path: PathBytes) => Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from(path, 'latin1')])
  const lookAt = (path: PathBytes): FileIdentity | null => {
    try {
      return disk.identify(absolute(path))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EACCES') return null
      throw error
    }
  }
  let sizeBytes = 0

  const file = async (path: PathBytes): Promise<WrittenBlob> => {
    // git follows links here, and waits for ever at a FIFO: only what is a file before and after counts.
    const before = lookAt(path)
    if (before?.kind !== 'file') return null
    if (beyond !== null && before.sizeBytes > beyond.sizeBytes) return beyond.store.file(path)
    sizeBytes += before.sizeBytes
    const answer = await talk.ask(quotedLine(path), parseOid)
    const written = answer.kind === 'died' ? refusalOf(answer, deadlines.helperMs) : answer.reply
    return lookAt(path)?.kind === 'file' ? written : null
  }

  const link = async (path: PathBytes): Promise<Oid | null> => {
    const text = disk.readLink(absolute(path))
    if (text === null) return null
    const args = [...sync, 'hash-object', '-w', '--stdin']
    const answer = await git.run({ args, input: text, deadlineMs: deadlines.plumbingMs })
    return answer.code === 0 ? answer.stdout.toString('latin1').trim() : null
  }

  return {
    file,
    write: async (requests, written) => {
      const files = requests.filter(({ kind }) => kind === 'file')
      await atOnce(files, writtenAtOnce, async ({ path }) => void written.set(path, await file(path)))
      // One child each: links are few, and a burst of them must not become a burst of processes.
      for (const { path, kind } of requests) if (kind === 'link') written.set(path, await link(path))
    },
    sizeBytes: () => sizeBytes,
    restart: () => talk.restart(),
    close: () => talk.close(),
  }
}

function refusalOf({ stderr, why }: Death, deadlineMs: number): WrittenBlob {
  if (why === 'hurried') throw repositoryError(failureOf('hash-object', { code: null, stderr, fault: null }))
  return whyNot({ stderr, isLate: why === 'late' }, deadlineMs)
}

/** git ends at a file that it cannot open or filter: that path's affair. A full disk is everybody's. */
export function whyNot(
  { stderr, isLate }: { readonly stderr: string; readonly isLate: boolean },
  deadlineMs: number,
): WrittenBlob {
  const failure = failureOf('hash-object', { code: null, stderr, fault: null })
  if (failure.name === 'disk-full' || failure.name === 'read-only') throw repositoryError(failure)
  if (isLate) return { refused: `its filter did not end within ${deadlineMs / 1000} s: ${mendFilter}` }
  // What came before the last line may be about other files, whose filters failed and are not required.
  const last = stderr.split('\n').findLast((line) => line.startsWith('fatal: ')) ?? ''
  const filter = /clean filter '(.*)' failed$/.exec(last)?.[1]
  if (filter !== undefined) return { refused: `the filter ${filter} failed: ${mendFilter}` }
  if (last === '' || /could not open|unable to open|Unable to process path/.test(last)) return null
  return { refused: `git cannot store it (${detailOf(last)}): see .gitattributes and the file` }
}

const mendFilter = 'mend it, or take it out of .gitattributes'

function parseOid(bytes: Buffer): Parsed<Oid> {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return { needBytes: bytes.length + 1 }
  return { reply: bytes.toString('latin1', 0, end), usedBytes: end + 1 }
}
