import { join } from 'node:path'
import { z } from 'zod'
import { wholeFile } from '../platform/platform.ts'
import type { Board } from './board.ts'

export type LastDone = Pick<Board, 'lastCommit' | 'lastPush'>

const oid = z.string()
const word = z.object({
  writtenAtMs: z.number(),
  lastCommit: z.object({ oid, atMs: z.number(), paths: z.array(z.string()).readonly() }).nullable(),
  lastPush: z.object({ oid, atMs: z.number() }).nullable(),
})

/** What the daemon before this one did last: of one that died what it wrote last, else what it left when it stopped. */
export function lastDone(stateDir: string): LastDone {
  const words = ['status.json', 'last-status.json'].flatMap((name) => readWord(join(stateDir, name)))
  const [newest] = words.toSorted((one, other) => other.writtenAtMs - one.writtenAtMs)
  return { lastCommit: newest?.lastCommit ?? null, lastPush: newest?.lastPush ?? null }
}

function readWord(path: string): readonly z.infer<typeof word>[] {
  try {
    const read = word.safeParse(JSON.parse(wholeFile.read(path) ?? 'null'))
    return read.success ? [read.data] : []
  } catch {
    // Damaged: it only would have been shown.
    return []
  }
}
