import { truncateSync } from 'node:fs'
import { fileAt } from './database.ts'

/**
 * What became of the files since they were opened: SQLite itself would go on with what it remembers of them. replaced:
 * one is gone, another lies there, or what is shared with readers has to be made anew.
 */
export type Looked = 'unchanged' | 'replaced' | 'damaged'

export function lookOf(path: string): () => Looked {
  const [log, shared] = [`${path}-wal`, `${path}-shm`]
  const [file, itsLog, itsShared] = [fileAt(path), fileAt(log), fileAt(shared)]
  let sizeBytes = file?.sizeBytes ?? 0
  return () => {
    const [now, sharedNow] = [fileAt(path), fileAt(shared)]
    // It is mapped into memory: to touch what is no longer there would end the process (SIGBUS); closing touches it.
    // Given back empty, it is filled again from the log. Its locks are lost with that, so it is closed at once.
    const isCut = itsShared !== null && sharedNow !== null && sharedNow.sizeBytes < itsShared.sizeBytes
    if (isCut && sharedNow.identity === itsShared.identity) truncateSync(shared, itsShared.sizeBytes)
    if (now?.identity !== file?.identity || fileAt(log)?.identity !== itsLog?.identity) return 'replaced'
    // SQLite makes it no smaller.
    if (now === null || now.sizeBytes < sizeBytes) return 'damaged'
    if (isCut || sharedNow?.identity !== itsShared?.identity) return 'replaced'
    sizeBytes = now.sizeBytes
    return 'unchanged'
  }
}
