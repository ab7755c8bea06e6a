import { join } from 'node:path'
import type { Oid, PathBytes, TreeEntry } from '../types.ts'
import type { Written } from './blob-store.ts'
import { failureOf, repositoryError } from './failures.ts'
import { indexInfo } from './index-info.ts'
import type { ObjectReader } from './objects.ts'
import { fields } from './parse.ts'
import type { UserIndex } from './user-index.ts'
import { durable, hasty, ownIndex, type Workbench } from './workbench.ts'

/** Larger committed versions are not searched for line ends. */
const searchedBytesMax = 64 * 1024 * 1024

/**
 * `git add` asks the index before it converts line ends by itself: a file that was committed with CRLF keeps it (see
 * `core.autocrlf` in git-config(1), "text=auto" in gitattributes(5)). `hash-object` knows no index, and a commit of what
 * it wrote would change every line. So what such a file became is asked of an index that has its entry.
 */
export function createAdding(
  bench: Workbench,
  index: UserIndex,
  objects: Pick<ObjectReader, 'info' | 'read'>,
): (written: Written) => Promise<void> {
  const { disk, git, deadlines, repository } = bench
  const sync = bench.scratch === null ? durable : hasty
  const place = join(bench.scratch ?? repository.stateDir, 'adding')

  const hasCrlf = async (oid: Oid): Promise<boolean> => {
    const info = await objects.info(oid)
    if (info?.type !== 'blob' || info.sizeBytes > searchedBytesMax) return false
    return (await objects.read(oid))?.bytes.includes('\r\n') ?? false
  }

  /** Conversion makes a file shorter; nothing else is worth a second look. */
  const isShorter = async (path: PathBytes, oid: Oid): Promise<boolean> => {
    const there = disk.identify(Buffer.from(`${repository.root}/${path}`, 'latin1'))
    const sizeBytes = (await objects.info(oid))?.sizeBytes ?? 0
    return there?.kind === 'file' && sizeBytes < there.sizeBytes
  }

  const added = async (entries: ReadonlyMap<PathBytes, TreeEntry>) => {
    const environment = { GIT_INDEX_FILE: place }
    const run = async (args: readonly string[], input: Buffer): Promise<Buffer> => {
      const answer = await git.run({
        args: [...ownIndex, ...sync, ...args],
        input,
        environment,
        deadlineMs: deadlines.treeMs,
      })
      if (answer.code !== 0) throw repositoryError(failureOf(args[0] ?? '', answer))
      return answer.stdout
    }
    const clear = () => [place, `${place}.lock`].forEach((file) => disk.remove(file))
    clear()
    try {
      const known = [...entries].map(([path, entry]) => ({ path, ...entry }))
      await run(['update-index', '-z', '--index-info'], indexInfo(known, repository.objectFormat))
      const paths = Buffer.from(known.map(({ path }) => `${path}\0`).join(''), 'latin1')
      await run(['update-index', '-z', '--remove', '--stdin'], paths)
      return fields(await run(['ls-files', '--stage', '-z'], Buffer.alloc(0)))
    } finally {
      clear()
    }
  }

  let last: Promise<void> = Promise.resolve()
  const again = async (written: Written): Promise<void> => {
    const table = await index.read()
    const entries = new Map<PathBytes, TreeEntry>()
    for (const [path, oid] of written) {
      const [entry] = table.at(path)
      if (typeof oid !== 'string' || entry === undefined || entry.stage !== 0 || entry.oid === oid) continue
      const { mode } = entry
      if ((mode !== '100644' && mode !== '100755') || !(await isShorter(path, oid))) continue
      if (await hasCrlf(entry.oid)) entries.set(path, { mode, oid: entry.oid })
    }
    if (entries.size === 0) return
    const now = new Map((await added(entries)).map(stagedLine))
    for (const path of entries.keys()) written.set(path, now.get(path) ?? null)
  }
  return (written) => {
    // One index at a time.
    const turn = last.then(() => again(written))
    last = turn.catch(() => {})
    return turn
  }
}

/** "mode oid stage TAB path" */
function stagedLine(line: string): readonly [PathBytes, Oid] {
  const tab = line.indexOf('\t')
  return [line.slice(tab + 1) as PathBytes, line.slice(0, tab).split(' ')[1] ?? '']
}
