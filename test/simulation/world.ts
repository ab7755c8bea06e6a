import { createHash } from 'node:crypto'
import type { DiskEntry, Oid, PathBytes, Trigger, Writer } from '../../src/types.ts'
import { pathBytes } from '../../src/types.ts'
import { Tree } from './tree.ts'

/** What one write left behind. */
export interface Version {
  readonly oid: Oid
  readonly bytes: Uint8Array
  /** As the guard sees it; some files only claim to be large. */
  readonly sizeBytes: number
  /** Counts all writes of the world. */
  readonly serial: number
  /** More of the file is still to come. */
  readonly partial: boolean
}

export interface Commit {
  /** In true time, whatever the daemon's clock says. */
  readonly atMs: number
  readonly trigger: Trigger | 'by hand'
  readonly group: string
  readonly entries: ReadonlyMap<PathBytes, Version | null>
  /** What HEAD had there before. */
  readonly replaced: ReadonlyMap<PathBytes, Version | null>
}

export interface Write {
  readonly path: PathBytes
  readonly atMs: number
  readonly version: Version | null
  /** As far as anybody can see. */
  readonly seen: Writer
}

export const unknownWriter: Writer = {
  kind: 'unknown',
  name: null,
  tier: null,
  confidence: 0,
  policy: null,
  session: null,
}

/** A work tree, its repository and the remote, as maps. */
export class World {
  readonly work = new Tree()
  readonly head = new Tree()
  readonly remote = new Tree()
  readonly commits: Commit[] = []
  readonly staged = new Set<PathBytes>()
  readonly lastWrites = new Map<PathBytes, Write>()
  /** Commits of HEAD that the remote has. */
  pushed = 0
  /** Commits that only the remote has. */
  foreign = 0
  /** Changes with every commit, whoever makes it. */
  headSerial = 0
  /** Kept with every change: comparing the whole of a tree of years, every few minutes of them, takes most of the time. */
  private readonly unlike = new Set<PathBytes>()
  private serial = 0

  write(
    name: string,
    content: string | Uint8Array | null,
    atMs: number,
    seen: Writer,
    more: Partial<Version> = {},
  ): Write {
    const path = pathBytes(name)
    const version = content === null ? null : this.version(content, more)
    this.work.set(path, version)
    this.compare(path)
    const write = { path, atMs, version, seen }
    this.lastWrites.set(path, write)
    return write
  }

  /** What lies there before anything begins. */
  seed(name: string, content: string): void {
    const version = this.version(content, {})
    for (const tree of [this.work, this.head, this.remote]) tree.set(pathBytes(name), version)
  }

  commit(entries: Commit['entries'], atMs: number, trigger: Commit['trigger'], group: string): void {
    const replaced = new Map([...entries.keys()].map((path) => [path, this.head.get(path) ?? null]))
    this.commits.push({ atMs, trigger, group, entries, replaced })
    apply(this.head, entries)
    for (const path of entries.keys()) this.compare(path)
    this.headSerial++
  }

  push(): void {
    for (const { entries } of this.commits.slice(this.pushed)) apply(this.remote, entries)
    this.pushed = this.commits.length
  }

  /** What differs from HEAD: as it lies in the work tree, then what was deleted. */
  differing(): PathBytes[] {
    const { work, head } = this
    const place = (path: PathBytes): number => work.placeOf(path) ?? 1e9 + (head.placeOf(path) ?? 0)
    return [...this.unlike].toSorted((a, b) => place(a) - place(b))
  }

  private compare(path: PathBytes): void {
    if (this.work.get(path)?.oid === this.head.get(path)?.oid) this.unlike.delete(path)
    else this.unlike.add(path)
  }

  entry(path: PathBytes): DiskEntry | null {
    const version = this.work.get(path)
    return version === undefined ? null : entryOf(version)
  }

  private version(content: string | Uint8Array, more: Partial<Version>): Version {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content
    const oid = createHash('sha1').update(`blob ${bytes.length}\0`).update(bytes).digest('hex')
    return { oid, bytes, sizeBytes: bytes.length, serial: ++this.serial, partial: false, ...more }
  }
}

export function entryOf(version: Version): DiskEntry {
  const { sizeBytes, serial } = version
  return { kind: 'file', executable: false, sizeBytes, changedAtMs: serial, fingerprint: `${serial}` }
}

function apply(tree: Tree, entries: Commit['entries']): void {
  for (const [path, version] of entries) tree.set(path, version)
}
