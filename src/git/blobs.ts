import type { Oid, PathBytes } from '../types.ts'
import { createConversation } from './conversation.ts'
import type { Death, Parsed } from './conversation.ts'
import type { WrittenBlob } from './engine.ts'
import { detailOf, failureOf, repositoryError } from './failures.ts'
import { quotedLine } from './dialogue.ts'
import { durable } from './workbench.ts'
import type { Workbench } from './workbench.ts'

export interface BlobWriter {
  write(
    requests: readonly { readonly path: PathBytes; readonly kind: 'file' | 'link' }[],
  ): Promise<ReadonlyMap<PathBytes, WrittenBlob>>
  /** Attributes and configuration are read once by the helper. */
  restart(): void
  close(): void
}

export function createBlobWriter(bench: Workbench): BlobWriter {
  const { disk, repository } = bench
  const talk = createConversation(
    bench.git,
    bench.clock,
    [...durable, 'hash-object', '-w', '--stdin-paths'],
    bench.deadlines.helperMs,
  )
  const absolute = (path: PathBytes) => Buffer.concat([Buffer.from(`${repository.root}/`), Buffer.from(path, 'latin1')])
  const kindAt = (path: PathBytes) => {
    try {
      return disk.identify(absolute(path))?.kind ?? null
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'EACCES') return null
      throw error
    }
  }

  const writeFile = async (path: PathBytes): Promise<WrittenBlob> => {
    // git follows links here, and waits for ever at a FIFO: only what is a file before and after counts.
    if (kindAt(path) !== 'file') return null
    const answer = await talk.ask(quotedLine(path), parseOid)
    const written = answer.kind === 'died' ? refusalOf(answer, bench.deadlines.helperMs) : answer.reply
    return kindAt(path) === 'file' ? written : null
  }

  const writeLink = async (path: PathBytes): Promise<Oid | null> => {
    const text = disk.readLink(absolute(path))
    if (text === null) return null
    const args = [...durable, 'hash-object', '-w', '--stdin']
    const answer = await bench.git.run({ args, input: text, deadlineMs: bench.deadlines.plumbingMs })
    return answer.code === 0 ? answer.stdout.toString('latin1').trim() : null
  }

  return {
    write: async (requests) => {
      const written = new Map<PathBytes, WrittenBlob>()
      const files = requests.filter(({ kind }) => kind === 'file')
      await Promise.all(files.map(async ({ path }) => written.set(path, await writeFile(path))))
      // One child each: links are few, and a burst of them must not become a burst of processes.
      for (const { path, kind } of requests) if (kind === 'link') written.set(path, await writeLink(path))
      return written
    },
    restart: () => talk.restart(),
    close: () => talk.close(),
  }
}

/** git ends at a file that it cannot open or filter: that path's affair. A full disk is everybody's. */
function refusalOf({ stderr, late }: Death, deadlineMs: number): { readonly refused: string } | null {
  const failure = failureOf('hash-object', { code: null, stderr, fault: null })
  if (failure.name === 'disk-full' || failure.name === 'read-only') throw repositoryError(failure)
  if (late) return { refused: `its filter did not end within ${deadlineMs / 1000} s: ${mendFilter}` }
  // What came before the last line may be about other files, whose filters failed and are not required.
  const last = stderr.split('\n').findLast((line) => line.startsWith('fatal: ')) ?? ''
  const filter = /clean filter '(.*)' failed$/.exec(last)?.[1]
  if (filter !== undefined) return { refused: `the filter ${filter} failed: ${mendFilter}` }
  if (last === '' || /could not open|unable to open/.test(last)) return null
  return { refused: `git cannot store it (${detailOf(last)}): see .gitattributes and the file` }
}

const mendFilter = 'mend it, or take it out of .gitattributes'

function parseOid(bytes: Buffer): Parsed<Oid> {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return { needBytes: bytes.length + 1 }
  return { reply: bytes.toString('latin1', 0, end), usedBytes: end + 1 }
}
