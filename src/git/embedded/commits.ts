import { join } from 'node:path'
import { recent } from '../../recent.ts'
import type { Oid } from '../../types.ts'
import type { Disk } from '../disk.ts'
import { repositoryError } from '../failures.ts'
import type { ObjectReader } from '../objects.ts'

export interface CommitObject {
  readonly oid: Oid
  readonly tree: Oid
  /** None where the history was cut off (a shallow clone). */
  readonly parents: readonly Oid[]
  /** Name, address, seconds and zone, as they stand there. */
  readonly author: string
  /** The committer's date. */
  readonly atMs: number
  readonly message: string
}

export interface Commits {
  /** @throws SyncError when it is no commit, or missing */
  read(oid: Oid): Promise<CommitObject>
  /** From the tips back, the newest first, without what the other commits have. */
  walk(tips: readonly Oid[], without: readonly Oid[]): AsyncGenerator<CommitObject>
  isAncestor(commit: Oid, tip: Oid): Promise<boolean>
}

/** About 20 MB; a longer history is read anew. */
const keptMax = 20_000

export function createCommits(disk: Disk, gitDir: string, objects: ObjectReader): Commits {
  const kept = recent<Oid, CommitObject>(keptMax)

  const read = async (oid: Oid): Promise<CommitObject> => {
    const known = kept.get(oid)
    if (known !== undefined) return known
    const object = await objects.read(oid)
    if (object?.type !== 'commit') throw missing(oid)
    const commit = parsed(oid, object.bytes, shallowIn(disk, gitDir))
    kept.set(oid, commit)
    return commit
  }

  /** All that these commits have, themselves included. */
  const ancestry = async (tips: readonly Oid[], isEnough: (oid: Oid) => boolean): Promise<ReadonlySet<Oid>> => {
    const seen = new Set(tips)
    const waiting = [...tips]
    for (let oid = waiting.pop(); oid !== undefined; oid = waiting.pop()) {
      if (isEnough(oid)) break
      for (const parent of (await read(oid)).parents) {
        if (seen.has(parent)) continue
        seen.add(parent)
        waiting.push(parent)
      }
    }
    return seen
  }

  return {
    read,
    isAncestor: async (commit, tip) => (await ancestry([tip], (oid) => oid === commit)).has(commit),
    walk: async function* (tips, without) {
      const hidden = without.length === 0 ? new Set<Oid>() : await ancestry(without, () => false)
      const seen = new Set<Oid>(tips)
      const waiting: CommitObject[] = []
      for (const tip of seen) if (!hidden.has(tip)) waiting.push(await read(tip))
      while (waiting.length > 0) {
        // A few branches at once are the most there is.
        const newest = waiting.reduce((best, commit, at) => (commit.atMs > (waiting[best]?.atMs ?? 0) ? at : best), 0)
        const [commit] = waiting.splice(newest, 1)
        if (commit === undefined) return
        yield commit
        for (const parent of commit.parents) {
          if (seen.has(parent) || hidden.has(parent)) continue
          seen.add(parent)
          waiting.push(await read(parent))
        }
      }
    },
  }
}

function shallowIn(disk: Disk, gitDir: string): string {
  return disk.read(join(gitDir, 'shallow'))?.toString('latin1') ?? ''
}

function parsed(oid: Oid, bytes: Buffer, shallow: string): CommitObject {
  const text = bytes.toString('utf8')
  const end = text.indexOf('\n\n')
  const head = text.slice(0, end < 0 ? text.length : end).split('\n')
  const values = (name: string): readonly string[] =>
    head.flatMap((line) => (line.startsWith(`${name} `) ? [line.slice(name.length + 1)] : []))
  const [tree = '', committer = ''] = [values('tree')[0], values('committer')[0]]
  return {
    oid,
    tree,
    parents: shallow.includes(oid) ? [] : values('parent'),
    author: values('author')[0] ?? '',
    atMs: Number(/ (\d+) [+-]\d{4}$/.exec(committer)?.[1] ?? 0) * 1_000,
    message: end < 0 ? '' : text.slice(end + 2),
  }
}

function missing(oid: Oid): Error {
  const detail = `commit ${oid} cannot be read`
  return repositoryError({ name: 'corrupt', detail, hint: 'run: git fsck --full', heals: 'person' })
}
