import { join } from 'node:path'
import type { Oid, PathBytes } from '../types.ts'
import { whyNot, type BlobRequest, type Written } from './blob-store.ts'
import type { FileIdentity } from './disk.ts'
import type { WrittenBlob } from './engine.ts'
import { failureOf, repositoryError } from './failures.ts'
import { indexInfo, ownIndex } from './index-info.ts'
import type { IndexTable } from './index-table.ts'
import type { ObjectReader } from './objects.ts'
import { fields } from './parse.ts'
import type { GitAnswer } from './run.ts'
import type { UserIndex } from './user-index.ts'
import { durable, hasty, type Workbench } from './workbench.ts'

/** Larger committed versions are not searched for line ends. */
const searchedBytesMax = 64 * 1024 * 1024

/**
 * `git add` asks the index where `hash-object` knows none: for attributes files that are not in the work tree (a
 * sparse checkout leaves them out, somebody deleted one), without which a filter would be passed by; and before it
 * converts line ends by itself: a file that was committed with CRLF keeps it ("text=auto" in gitattributes(5)). What
 * such files become is asked of an index of ours that has what the user's has.
 */
export function createAdding(
  bench: Workbench,
  index: UserIndex,
  objects: Pick<ObjectReader, 'info' | 'read'>,
): (requests: readonly BlobRequest[], written: Written) => Promise<void> {
  const { disk, git, deadlines, repository } = bench
  const sync = bench.scratch === null ? durable : hasty
  const place = join(bench.scratch ?? repository.stateDir, 'adding')
  const identify = (path: PathBytes) => disk.identify(Buffer.from(`${repository.root}/${path}`, 'latin1'))
  const isConverted = createCheck(objects, identify)

  const run = async (args: readonly string[], input: Buffer): Promise<GitAnswer> =>
    git.run({
      args: [...ownIndex, ...sync, ...args],
      input,
      environment: { GIT_INDEX_FILE: place },
      deadlineMs: deadlines.treeMs,
    })
  const demand = async (args: readonly string[], input: Buffer): Promise<Buffer> => {
    const answer = await run(args, input)
    if (answer.code !== 0) throw repositoryError(failureOf(args[0] ?? '', answer))
    return answer.stdout
  }

  /** All at once, or, where git stops at one, by halves. */
  const add = async (paths: readonly PathBytes[], written: Written): Promise<void> => {
    const input = Buffer.from(paths.map((path) => `${path}\0`).join(''), 'latin1')
    const answer = await run(['update-index', '-z', '--add', '--remove', '--stdin'], input)
    if (answer.code === 0) return
    const half = Math.ceil(paths.length / 2)
    const late = { stderr: answer.stderr, isLate: answer.fault === 'timeout' }
    if (paths.length > 1) for (const some of [paths.slice(0, half), paths.slice(half)]) await add(some, written)
    else for (const path of paths) written.set(path, whyNot(late, deadlines.treeMs))
  }

  const again = async (requests: readonly BlobRequest[], written: Written): Promise<void> => {
    const table = await index.read()
    const absent = table.attributes.filter((path) => identify(path) === null)
    const paths: PathBytes[] = []
    for (const { path, kind } of requests) {
      // What has no blob so far gets none here either.
      if (kind !== 'file' || typeof written.get(path) !== 'string') continue
      if (absent.length > 0 || (await isConverted(path, written.get(path), table))) paths.push(path)
    }
    if (paths.length === 0) return
    const known = [...new Set([...absent, ...paths])].flatMap((path) =>
      table.at(path).filter(({ stage }) => stage === 0),
    )
    const clear = () => [place, `${place}.lock`].forEach((file) => disk.remove(file))
    clear()
    try {
      await demand(['update-index', '-z', '--index-info'], indexInfo(known, repository.objectFormat))
      for (const path of paths) written.delete(path)
      await add(paths, written)
      const now = new Map(fields(await demand(['ls-files', '--stage', '-z'], Buffer.alloc(0))).map(stagedLine))
      for (const path of paths) if (!written.has(path)) written.set(path, now.get(path) ?? null)
    } finally {
      clear()
    }
  }

  let last: Promise<void> = Promise.resolve()
  return (requests, written) => {
    // One index at a time.
    const turn = last.then(() => again(requests, written))
    last = turn.catch(() => {})
    return turn
  }
}

/** Whether `hash-object` changed line ends that `git add` might have left alone. */
function createCheck(
  objects: Pick<ObjectReader, 'info' | 'read'>,
  identify: (path: PathBytes) => FileIdentity | null,
): (path: PathBytes, oid: WrittenBlob | undefined, table: IndexTable) => Promise<boolean> {
  const hasCrlf = async (oid: Oid): Promise<boolean> => {
    const info = await objects.info(oid)
    if (info?.type !== 'blob' || info.sizeBytes > searchedBytesMax) return false
    return (await objects.read(oid))?.bytes.includes('\r\n') ?? false
  }
  return async (path, oid, table) => {
    const [entry] = table.at(path)
    if (typeof oid !== 'string' || entry === undefined || entry.stage !== 0 || entry.oid === oid) return false
    const there = identify(path)
    const sizeBytes = (await objects.info(oid))?.sizeBytes ?? 0
    // Conversion makes a file shorter; nothing else is worth a second look.
    return there?.kind === 'file' && sizeBytes < there.sizeBytes && (await hasCrlf(entry.oid))
  }
}

/** "mode oid stage TAB path" */
function stagedLine(line: string): readonly [PathBytes, Oid] {
  const tab = line.indexOf('\t')
  return [line.slice(tab + 1) as PathBytes, line.slice(0, tab).split(' ')[1] ?? '']
}
