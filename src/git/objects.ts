import type { Oid } from '../types.ts'
import { createConversation } from './conversation.ts'
import type { Parsed } from './conversation.ts'
import { failureOf, repositoryError } from './failures.ts'
import { objectHeader } from './dialogue.ts'
import type { Workbench } from './workbench.ts'

interface StoredObject {
  readonly oid: Oid
  readonly type: string
  readonly bytes: Buffer
}

/** Objects by id through one long-lived child: 0.1 ms instead of 3 ms a spawn. */
export interface ObjectReader {
  /** null: no such object. */
  info(oid: Oid): Promise<{ readonly type: string; readonly sizeBytes: number } | null>
  read(oid: Oid): Promise<StoredObject | null>
  close(): void
}

export function createObjectReader(bench: Workbench): ObjectReader {
  // Replacement objects are for reading history; a commit is built on what is really there.
  const talk = createConversation(bench, ['--no-replace-objects', 'cat-file', '--batch-command'])
  const ask = async <T>(command: string, parse: (bytes: Buffer) => Parsed<T>): Promise<T> => {
    const answer = await talk.ask(Buffer.from(`${command}\n`, 'latin1'), parse)
    if (answer.kind === 'reply') return answer.reply
    throw repositoryError(failureOf('cat-file', { code: null, stderr: answer.stderr, fault: null }))
  }
  return {
    info: (oid) => ask(`info ${oid}`, parseInfo),
    read: (oid) => ask(`contents ${oid}`, parseContents),
    close: () => talk.close(),
  }
}

function parseInfo(bytes: Buffer): Parsed<ReturnType<typeof objectHeader>> {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return { needBytes: bytes.length + 1 }
  return { reply: objectHeader(bytes.toString('latin1', 0, end)), usedBytes: end + 1 }
}

function parseContents(bytes: Buffer): Parsed<StoredObject | null> {
  const end = bytes.indexOf(0x0a)
  if (end < 0) return { needBytes: bytes.length + 1 }
  const header = objectHeader(bytes.toString('latin1', 0, end))
  if (header === null) return { reply: null, usedBytes: end + 1 }
  const usedBytes = end + 1 + header.sizeBytes + 1
  if (bytes.length < usedBytes) return { needBytes: usedBytes }
  const content = bytes.subarray(end + 1, usedBytes - 1)
  return { reply: { oid: header.oid, type: header.type, bytes: Buffer.from(content) }, usedBytes }
}
