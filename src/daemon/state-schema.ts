import { z } from 'zod'
import { pathOfLatin1 } from '../types.ts'

/** Longer than any name of a user. */
const pausedByLengthMax = 100

const paths = z.array(z.string().transform(pathOfLatin1)).readonly().default([])

const diverged = z
  .array(
    z.object({
      path: z.string().transform(pathOfLatin1),
      reason: z.string(),
      atMs: z.number(),
      /** The branch that has it; null: an older version wrote it, and it counts on all of them. */
      ref: z.string().nullable().default(null),
      /** What the branch had there, null: nothing, and since which commit. Older versions did not write it. */
      theirs: z.object({ commit: z.string(), oid: z.string().nullable() }).optional(),
    }),
  )
  .readonly()
  .default([])

/**
 * `state.json`: what must survive a restart and cannot be read back from git. Written whole, so that a kill at any
 * point leaves the old state or the new one.
 */
const schema = z.object({
  version: z.literal(1),
  /** Names this clone in commit trailers without telling whose machine it is. */
  cloneId: z.string().regex(/^[0-9a-f]{16}$/),
  /** Of the directory that this file was written in; null: by a version that did not say. */
  place: z
    .object({ path: z.string(), inode: z.string(), born: z.string().nullable() })
    .readonly()
    .nullable()
    .default(null),
  /** Somebody agreed to the first sync, or it was small enough not to ask. */
  firstSync: z.boolean(),
  /** Branches that are synced; null until the first start. */
  branches: z.array(z.string()).readonly().nullable(),
  /** What the guard would hold and somebody acknowledged. */
  acknowledged: z
    .array(
      z.object({
        path: z.string().transform(pathOfLatin1),
        what: z.enum(['blob', 'deletion']),
        oid: z.string(),
        reason: z.string().nullable(),
        atMs: z.number(),
      }),
    )
    .readonly(),
  /** Paths of which the branch has the remote's side while another one lies here. */
  diverged,
  /** Untracked places that were ignored until what was pulled changed the rules. */
  exposed: paths,
  /** Commits of the remote that would change what git runs here, and wait for a word; `head` is where we were. */
  incoming: z
    .object({
      head: z.string().nullable(),
      tip: z.string(),
      paths: z
        .array(
          z.object({
            path: z.string().transform(pathOfLatin1),
            what: z.enum(['blob', 'deletion']),
            oid: z.string(),
          }),
        )
        .readonly(),
    })
    .readonly()
    .nullable()
    .default(null),
  /**
   * What is being placed, or was when the daemon was last seen: what changes between two commits on a branch, but where
   * it lay already (`there`). A file that lies `ready` still never came; null: those are in `there` by now. `diverged`
   * is what was known of paths that were to stay apart from it.
   */
  bringing: z
    .object({
      ref: z.string(),
      base: z.string().nullable(),
      commit: z.string(),
      ready: z.string().nullable(),
      there: paths,
      diverged,
    })
    .readonly()
    .nullable()
    .default(null),
  /** Id of an undo whose files had not all followed its commit when the daemon was last seen. */
  undoing: z.string().nullable().default(null),
  /** The last commit that a branch and the remote's branch `at` were known to share; null: of an older version. */
  tips: z
    .array(z.object({ ref: z.string(), oid: z.string(), at: z.string().nullable().default(null) }))
    .readonly()
    .default([]),
  /** Whether the remote may have refs of ours with kept sides. */
  mirrors: z.boolean().default(false),
  /** Those that the remote at an address was seen to have: one that is no longer there was settled elsewhere. */
  given: z
    .array(z.object({ name: z.string(), oid: z.string(), at: z.string() }))
    .readonly()
    .default([]),
  /** Refs of conflicts that were settled here, and that the remote may still have. */
  settled: z
    .array(z.object({ name: z.string(), oid: z.string() }))
    .readonly()
    .default([]),
  /** Which of the workspace's own rules and settings somebody said yes to, or edited here. */
  trusted: z
    .array(
      z.object({
        path: z.string(),
        sha256: z.string().nullable(),
        oid: z.string().nullable(),
        by: z.enum(['edited', 'ack', 'init']),
        reason: z.string().nullable(),
        atMs: z.number(),
      }),
    )
    .readonly()
    .default([]),
  /** The commit under way when the daemon was last seen; its recovery is idempotent. */
  journal: z
    .object({
      id: z.string(),
      ref: z.string(),
      base: z.string().nullable(),
      commit: z.string(),
      paths: z.array(z.string().transform(pathOfLatin1)).readonly(),
    })
    .nullable(),
  /** How many files were deleted by our commits of the last minutes. */
  deleted: z
    .array(z.object({ atMs: z.number(), count: z.number() }))
    .readonly()
    .default([])
    .catch([]),
  schedule: z
    .object({
      commitsAtMs: z.array(z.number()).readonly(),
      lastAutomaticAtMs: z.number().nullable(),
      committing: z.boolean(),
      unpushedSinceMs: z.number().nullable(),
    })
    .nullable(),
  /** Read back by the breaker itself. */
  breaker: z.unknown(),
  /** Somebody said `pause`. `untilMs` null: until somebody says `resume`. */
  pause: z
    .object({ by: z.string().max(pausedByLengthMax), sinceMs: z.number(), untilMs: z.number().nullable() })
    .readonly()
    .nullable()
    .default(null),
  /** What the daemon that last watched here was started with: `restart` starts it with the same. */
  startedWith: z
    .object({
      sets: z.array(z.string()).readonly(),
      push: z.boolean(),
      /** Settings of the environment. */
      environment: z.record(z.string(), z.string()).readonly(),
    })
    .readonly()
    .nullable()
    .default(null),
  /** What was told unasked and is not over. */
  episodes: z
    .array(z.object({ key: z.string(), told: z.boolean() }))
    .readonly()
    .default([]),
  /** Files as programs left them that write to themselves: after a restart nothing else would tell. */
  authors: z
    .array(
      z.object({
        path: z.string().transform(pathOfLatin1),
        seen: z.object({ fingerprint: z.string(), inode: z.string(), sizeBytes: z.number() }),
        writer: z.object({
          kind: z.enum(['autonomous']),
          name: z.string().nullable(),
          tier: z.enum(['T1', 'T2']).nullable(),
          confidence: z.number(),
          policy: z.enum(['sync', 'block']).nullable(),
          session: z.string().nullable(),
          program: z.object({ executable: z.string(), rule: z.string() }).exactOptional(),
        }),
      }),
    )
    .readonly()
    .default([])
    .catch([]),
  /** Writers declared with `run` whose processes may outlive this daemon. The secret of each is not among it. */
  declared: z
    .array(
      z.object({
        name: z.string(),
        policy: z.enum(['sync', 'block']),
        command: z.string().default(''),
        tagHash: z.string(),
        cgroup: z.string().nullable(),
        root: z.object({ pid: z.number(), startTick: z.number() }),
      }),
    )
    .readonly()
    .default([]),
})

export type State = z.infer<typeof schema>
export type SavedPause = NonNullable<State['pause']>
export type StartedWith = NonNullable<State['startedWith']>

export function freshState(cloneId: string): State {
  return {
    version: 1,
    cloneId,
    place: null,
    firstSync: false,
    branches: null,
    acknowledged: [],
    diverged: [],
    exposed: [],
    deleted: [],
    incoming: null,
    bringing: null,
    undoing: null,
    tips: [],
    mirrors: false,
    given: [],
    settled: [],
    trusted: [],
    journal: null,
    schedule: null,
    breaker: null,
    authors: [],
    declared: [],
    pause: null,
    startedWith: null,
    episodes: [],
  }
}

/** Of a version that this one cannot know. */
export function isNewer(text: string): boolean {
  try {
    return z.object({ version: z.number().gt(1) }).safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

/** @returns null for what this program has not written. */
export function parseState(text: string): State | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
