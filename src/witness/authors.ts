import { recent } from '../recent.ts'
import type { PathBytes, Writer } from '../types.ts'
import type { WitnessTier } from './tier.ts'

/** Paths whose writers are remembered; the longest untouched is forgotten first, and then has an unknown writer. */
const pathsMax = 50_000
/** The system tells of a write only after it is to be seen. */
const tellingMs = 200

/** How a file lay there when it was last looked at for its writer. */
export interface Seen {
  readonly fingerprint: string
  /** Changes when another file takes its place. */
  readonly inode: string
  readonly sizeBytes: number
}

/** A program's write that is kept from the remote: known again after a restart while the file lies there unchanged. */
export interface KeptAuthorship {
  readonly path: PathBytes
  readonly seen: Seen
  readonly writer: Writer
}

/** Kept over a restart at most; the longest untouched is forgotten first. */
const keptMax = 500

interface Authorship {
  /** At the last claim; null: nothing lay there. */
  readonly seen: Seen | null
  /** Of what was last asked about or claimed; null: nothing. */
  readonly fingerprint: string | null
  /** Of everything since the path was last committed. unknown: it is not known, or there were several. */
  readonly writer: Writer | 'unknown' | 'nobody'
  /** Of everything since it was last read for a commit. */
  readonly sinceRead: Authorship['writer']
}

/**
 * Who has written each path since it was last committed. One writer has a name only while nobody else touched the
 * path: a person's edit may wait in a file that a program writes to again.
 */
export class Authors implements WitnessTier {
  readonly #paths = recent<PathBytes, Authorship>(pathsMax)
  readonly #isOpen: (path: PathBytes) => boolean
  readonly #isTreeKnown: () => boolean
  readonly #asked = new Set<PathBytes>()
  #hasNews = false

  /**
   * @param isOpen a write there is still being looked into.
   * @param isTreeKnown every change from before the start was asked about; until then any file may hold one.
   */
  constructor(isOpen: (path: PathBytes) => boolean, isTreeKnown: () => boolean) {
    this.#isOpen = isOpen
    this.#isTreeKnown = isTreeKnown
  }

  answer({ path, entry, toMs }: Parameters<WitnessTier['answer']>[0]): Writer | null {
    if (this.#isOpen(path)) {
      this.#asked.add(path)
      return null
    }
    const known = this.#paths.get(path)
    if (known !== undefined && (known.seen?.fingerprint ?? null) === (entry?.fingerprint ?? null)) {
      return typeof known.writer === 'string' ? null : known.writer
    }
    // Nobody was seen to do it: from now on the path is not one writer's alone.
    if (entry !== null && toMs - entry.changedAtMs > tellingMs) {
      const { fingerprint } = entry
      this.#paths.set(path, { seen: known?.seen ?? null, fingerprint, writer: 'unknown', sinceRead: 'unknown' })
    }
    return null
  }

  /** As it lay there at the last claim; null: nothing, or not known. */
  lastSeen(path: PathBytes): Seen | null {
    return this.#paths.peek(path)?.seen ?? null
  }

  /**
   * @param writer nobody: nothing that matters was written.
   * @returns whether somebody was told before that the writer, who is known now, is not.
   */
  claim(path: PathBytes, seen: Seen | null, writer: Authorship['writer']): boolean {
    const before = this.#paths.get(path)
    const now = merged(before?.writer ?? (this.#isTreeKnown() ? 'nobody' : 'unknown'), writer)
    const sinceRead = merged(before?.sinceRead ?? 'nobody', writer)
    this.#paths.set(path, { seen, fingerprint: seen?.fingerprint ?? null, writer: now, sinceRead })
    this.#hasNews ||= typeof now !== 'string' && now.kind === 'autonomous'
    return this.#asked.delete(path) && typeof writer !== 'string'
  }

  /** Writes of programs that write to themselves: nothing else would keep them back after a restart. */
  kept(): readonly KeptAuthorship[] {
    const kept: KeptAuthorship[] = []
    for (const [path, { seen, writer }] of this.#paths.entries()) {
      if (kept.length === keptMax) break
      if (seen !== null && typeof writer !== 'string' && writer.kind === 'autonomous') kept.push({ path, seen, writer })
    }
    this.#hasNews = false
    return kept
  }

  /** Since `kept` was asked, there is more to keep. */
  get hasNews(): boolean {
    return this.#hasNews
  }

  restore(kept: readonly KeptAuthorship[]): void {
    for (const { path, seen, writer } of kept.toReversed())
      this.#paths.set(path, { seen, fingerprint: seen.fingerprint, writer, sinceRead: writer })
  }

  /** It is about to be read for a commit: what is written from now on may not be in that. */
  reading(path: PathBytes): void {
    const known = this.#paths.peek(path)
    if (known !== undefined) this.#paths.set(path, { ...known, sinceRead: 'nobody' })
  }

  /**
   * It is committed: what comes next is a change of its own. So is what came while the commit was made.
   * @param fingerprint of what was read for it; null: nothing lay there.
   */
  dealt(path: PathBytes, fingerprint: string | null): void {
    const known = this.#paths.peek(path)
    if (known === undefined || this.#isOpen(path)) return
    this.#paths.set(path, { ...known, writer: known.fingerprint === fingerprint ? 'nobody' : known.sinceRead })
  }
}

/** With a person among them it is a person's; two others are nobody's in particular. */
function merged(one: Authorship['writer'], other: Authorship['writer']): Authorship['writer'] {
  if (one === 'nobody') return other
  if (other === 'nobody') return one
  if (one === 'unknown') return other !== 'unknown' && other.kind === 'human' ? other : one
  if (one.kind === 'human' || other === 'unknown') return one.kind === 'human' ? one : other
  if (other.kind === 'human' || (one.kind === other.kind && one.name === other.name)) return other
  return 'unknown'
}
