import { createHash } from 'node:crypto'
import type { ContentFinding, ContentFormat, DiskEntry, Growth, PathBytes, TreeEntry } from '../types.ts'
import { createComparison } from './compare.ts'
import { createDialects, formatOf } from './dialects.ts'
import { gathered, type Answer, type Layer } from './layers.ts'
import { machineFormat } from './machine-files.ts'
import type { Parsers } from './parsers.ts'
import type { VolatileKeys } from './volatile-keys.ts'

/** Asks what differs from the version at HEAD. */
export function createContentLayer(keys: VolatileKeys, parsers: Parsers): Layer {
  const dialectOf = createDialects(keys, parsers)
  const compare = createComparison()
  return {
    name: 'content',
    onlyUndecided: true,
    *ask(given) {
      const known = yield* gathered(given, 'base')
      const { path, entry, base } = known
      const format = toldFormat(path)
      if (base === null) return untracked(path, entry, format)
      if (entry === null || entry.kind === 'directory') return changed(format, 'deleted')
      if (!hasMode(entry, base)) return changed(format, 'its kind or mode differs')
      if (format === 'jsonl' && entry.kind === 'file') {
        const { growth } = yield* gathered(known, 'growth')
        if (growth !== null) return changed(format, appended(growth))
      }
      const read = yield* gathered(known, 'bytes')
      const { bytes } = read
      if (bytes === null) return changed(format, 'too large or impossible to read, so it counts as changed')
      if (blobId(bytes, base.oid) === base.oid) return settled(format, 'not a change: same bytes as at HEAD')
      const dialect = entry.kind === 'file' ? dialectOf(formatOf(path), bytes) : null
      if (dialect === null) return changed(format, 'differs from HEAD')
      return answer(yield* compare(dialect, read, base, bytes))
    },
  }
}

/**
 * Asks, once the very blob is known, whether a commit of it would change anything. Git's filters make bytes that differ
 * on disk equal in the store (line ends), and what a rule or an agent sends on was not compared before.
 */
export const sameBlobLayer: Layer = {
  name: 'content',
  *ask(given) {
    const { path, base, entry, guard } = yield* gathered(yield* gathered(given, 'base'), 'guard')
    const { blob } = guard
    const isSame = blob === null ? base === null && entry === null : blob.oid === base?.oid && blob.mode === base.mode
    if (isSame) return settled(toldFormat(path), 'not a change: the blob is the one at HEAD')
    return { outcome: 'next', detail: 'the blob is another than at HEAD' }
  },
}

/**
 * Whatever follows a document of lines is a change, so nothing else need be read; and if more was rewritten than the
 * end shows, it is one all the same.
 */
function appended({ addedBytes, tail }: Growth): string {
  if (tail.length < addedBytes) return `lines appended (${Math.ceil(addedBytes / 1024)} KB)`
  const lines = Buffer.from(tail).toString('latin1').split('\n').filter(Boolean).length
  return lines === 1 ? 'a line appended' : `${lines} lines appended`
}

/** A note has front matter only if it turns out to. */
function toldFormat(path: PathBytes): ContentFormat {
  const format = formatOf(path)
  return format === 'front-matter' ? 'other' : format
}

function untracked(path: PathBytes, entry: DiskEntry | null, format: ContentFormat): Answer {
  if (entry === null || entry.kind === 'directory') return settled(format, 'not a change: not there, and not at HEAD')
  const machine = machineFormat(path)
  if (machine === null) return changed(format, 'new')
  const what = { log: 'a log', backup: 'a backup', cache: 'in a dependency or cache folder' }[machine]
  return answer({ format: machine, outcome: 'machine', changed: [], volatile: [], detail: `untracked and ${what}` })
}

function hasMode({ kind, executable }: DiskEntry, { mode }: TreeEntry): boolean {
  if (kind === 'link') return mode === '120000'
  return kind === 'file' && mode === (executable ? '100755' : '100644')
}

/** git's name for the bytes, in the hash that the repository uses. */
function blobId(bytes: Uint8Array, like: string): string {
  const hash = createHash(like.length === 64 ? 'sha256' : 'sha1')
  return hash.update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
}

function settled(format: ContentFormat, detail: string): Answer {
  return answer({ format, outcome: 'same', changed: [], volatile: [], detail })
}

function changed(format: ContentFormat, detail: string): Answer {
  return answer({ format, outcome: 'changed', changed: [], volatile: [], detail })
}

function answer(content: ContentFinding): Answer {
  return { outcome: content.outcome === 'changed' ? 'next' : 'block', detail: content.detail, content }
}
