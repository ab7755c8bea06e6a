import { createHash } from 'node:crypto'

/** A larger blob is the file itself: git-lfs makes none larger. */
export const standInBytesMax = 1024

/** Lines of a name and a value; the digest is that of what git-lfs sends (its spec). */
const lfs = /^version https?:\/\/[^\n]+\n(?:[a-z0-9.-]+ [^\n]*\n)*?oid sha256:([0-9a-f]{64})\s/

/** What git-lfs keeps the file under; null: the blob is no pointer of its. */
export function lfsDigest(blob: Uint8Array): string | null {
  return lfs.exec(textOf(blob))?.[1] ?? null
}

/**
 * Whether a blob only stands for a file that is kept, and sent, by other means than git's: it is a pointer of git-lfs,
 * or names a digest of the very bytes. What a filter encrypted, or took something out of, is itself what is sent.
 * @param bytes as they lie in the work tree; null: they are not to be read
 */
export function standsFor(blob: Uint8Array, bytes: Uint8Array | null): boolean {
  const text = textOf(blob)
  if (lfs.test(text)) return true
  if (bytes === null || !/[0-9a-f]{32}/.test(text)) return false
  return ['sha256', 'sha1', 'md5'].some((name) => text.includes(createHash(name).update(bytes).digest('hex')))
}

function textOf(blob: Uint8Array): string {
  return blob.length > standInBytesMax ? '' : Buffer.from(blob).toString('latin1')
}
