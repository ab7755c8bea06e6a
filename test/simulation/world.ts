import { createHash } from 'node:crypto'
import type { DiskEntry, Oid, PathBytes, Trigger, Writer } from '../../src/types.ts'
import { pathBytes } from '../../src/types.ts'

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

type Tree = Map<PathBytes, Version>

/** A work tree, its repository and the remote, as maps. */
export class World {
  readonly work: Tree = new Map()
  readonly head: Tree = new Map()
  readonly remote: Tree = new Map()
  readonly commits: Commit[] = []
  readonly staged = new Set<PathBytes>()
  readonly lastWrites = new Map<PathBytes, Write>()
  /** Commits of HEAD that the remote has. */
  pushed = 0
  /** Commits that only the remote has. */
  foreign = 0
  /** Changes with every commit, whoever makes it. */
  headSerial = 0
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
    if (version === null) this.work.delete(path)
    else this.work.set(path, version)
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
    this.headSerial++
  }

  push(): void {
    for (const { entries } of this.commits.slice(this.pushed)) apply(this.remote, entries)
    this.pushed = this.commits.length
  }

  differing(): PathBytes[] {
    const paths: PathBytes[] = []
    for (const [path, version] of this.work) if (this.head.get(path)?.oid !== version.oid) paths.push(path)
    for (const path of this.head.keys()) if (!this.work.has(path)) paths.push(path)
    return paths
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
  for (const [path, version] of entries) {
    if (version === null) tree.delete(path)
    else tree.set(path, version)
  }
}
