import { SyncError } from '../errors.ts'
import type { GitEngine } from '../git/git.ts'
import type { Oid } from '../types.ts'

/** What a push would send, as the check is asked about it. */
export interface PushRange {
  readonly tips: readonly Oid[]
  /** What the remote says that it has. */
  readonly known: readonly Oid[]
  /** Whose remote-tracking branches are there already; null: none are known. */
  readonly remote: string | null
  /** Where it goes, for the limits of known hosts; empty: nobody said. */
  readonly address: string
}

/** A push of more refs at once is looked at in its first ones. */
const refsMax = 1_000
const none = /^0+$/

/**
 * From git's lines for a pre-push hook, "local-ref local-oid remote-ref remote-oid" each; zeros: the ref is deleted, or
 * new over there. A local ref may be any expression with spaces in it (githooks(5)).
 * @throws SyncError `usage` for a line that is none.
 */
export async function rangeOfLines(
  engine: GitEngine,
  lines: readonly string[],
  remote: string | null,
  address: string | null,
): Promise<{ readonly range: PushRange; readonly refsUnseen: number }> {
  const sent = lines.flatMap((line) => {
    const found = /^.* ([0-9a-f]{40,64}) \S+ ([0-9a-f]{40,64})$/.exec(line)
    if (found === null) {
      const hint = 'pass what git passes to a pre-push hook: local ref, local id, remote ref, remote id'
      throw new SyncError('usage', `not a line of a pre-push hook: ${line.slice(0, 100)}`, hint)
    }
    const [, local = '', there = ''] = found
    return none.test(local) ? [] : [{ local, there }]
  })
  const looked = sent.slice(0, refsMax)
  const name = await nameOf(engine, remote)
  return {
    range: {
      tips: [...new Set(looked.map(({ local }) => local))],
      known: [...new Set(looked.map(({ there }) => there).filter((oid) => !none.test(oid)))],
      remote: name,
      address: address ?? (await addressOf(engine, name)),
    },
    refsUnseen: sent.length - looked.length,
  }
}

/** What the checked-out branch has and its upstream, or any branch of the remote, lacks. */
export async function rangeAhead(engine: GitEngine, remote: string | null): Promise<PushRange> {
  const { oid } = await engine.head()
  const name = await nameOf(engine, remote)
  return { tips: oid === null ? [] : [oid], known: [], remote: name, address: await addressOf(engine, name) }
}

/** git passes the address where the remote has no name: a remote with that address is meant. */
async function nameOf(engine: GitEngine, given: string | null): Promise<string | null> {
  const { survey } = engine
  if (given !== null) {
    const remotes = await survey.remotes()
    return remotes.find(({ name, addresses }) => name === given || addresses.includes(given))?.name ?? null
  }
  const { ref } = await engine.head()
  const upstream = ref === null ? null : await engine.upstream(ref)
  if (upstream !== null) return upstream.remote
  const names = (await survey.remotes()).map(({ name }) => name)
  return names.includes('origin') ? 'origin' : (names[0] ?? null)
}

async function addressOf(engine: GitEngine, name: string | null): Promise<string> {
  const remotes = await engine.survey.remotes()
  return remotes.find((remote) => remote.name === name)?.addresses[0] ?? ''
}
