import { mkdirSync, renameSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { assert, errnoOf, SyncError } from '../errors.ts'
import { lookAt, processes, systemRandom, wholeFile } from '../platform/platform.ts'
import { shellWord } from '../shell.ts'
import { pathOfLatin1 } from '../types.ts'
import { takeLock, type DaemonLock } from './lock.ts'
import { withWord, type Word } from './acknowledged.ts'

/** Longer than any name of a user. */
const pausedByLengthMax = 100

/**
 * `state.json`: what must survive a restart and cannot be read back from git. Written whole, so that a kill at any
 * point leaves the old state or the new one.
 */
const schema = z.object({
  version: z.literal(1),
  /** Names this clone in commit trailers without telling whose machine it is. */
  cloneId: z.string().regex(/^[0-9a-f]{16}$/),
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
  diverged: z
    .array(
      z.object({
        path: z.string().transform(pathOfLatin1),
        reason: z.string(),
        commit: z.string(),
        atMs: z.number(),
      }),
    )
    .readonly()
    .default([]),
  /** The last commit that a branch and its remote were known to share. */
  tips: z
    .array(z.object({ ref: z.string(), oid: z.string() }))
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

export interface StateStore {
  readonly value: State
  /** Writes at once; `durable` also survives a power cut (about 2 ms). @throws the system's error. */
  update(change: Partial<State>, durable?: boolean): void
  /** What became of a file that could not be used; null when all was well. Told once. */
  takeNews(): string | null
}

/**
 * @throws SyncError `configuration` when a newer version of this program wrote the file: what was agreed to and
 * acknowledged there is not for an older one to forget; `system` when this user may not read it; the system's error
 * when the directory cannot be used.
 */
export function openState(stateDir: string, freshCloneId: () => string, nowMs: number): StateStore {
  const path = join(stateDir, 'state.json')
  const text = readText(path)
  const read = text === null ? null : parse(text)
  if (text !== null && read === null && isNewer(text)) {
    const move = `mv ${shellWord(path)} ${shellWord(`${path}.newer`)}`
    const hint = `use that version again, or begin anew without what was agreed to: ${move}`
    throw new SyncError('configuration', `${path} was written by a newer version of this program`, hint)
  }
  let news: string | null = null
  const moveAside = (aside: string, fault: string): void => {
    renameSync(path, aside)
    news = `state.json ${fault}; it is kept as ${aside} and a new one begun`
  }
  if (text !== null && read === null) moveAside(`${path}.damaged-${nowMs}`, 'was damaged')
  let value = read ?? freshState(freshCloneId())
  let left = fingerprintOf(path)
  return {
    get value() {
      return value
    },
    update(change, durable = false) {
      const next = { ...value, ...change }
      if (left !== fingerprintOf(path) && isNewerAt(path)) {
        moveAside(`${path}.newer`, 'was replaced by one of a newer version of this program')
      }
      wholeFile.write(path, `${JSON.stringify(next)}\n`, durable)
      left = fingerprintOf(path)
      value = next
    },
    takeNews() {
      const told = news
      news = null
      return told
    },
  }
}

function fingerprintOf(path: string): string | null {
  return lookAt(path)?.fingerprint ?? null
}

/** For commands, while no daemon runs: what is written counts from the next start on. */
export const stateAtRest = {
  read: readState,
  /** It cannot be read because a newer version of this program wrote it. */
  isNewer: (stateDir: string): boolean => isNewerAt(join(stateDir, 'state.json')),
  /** @throws the system's error. */
  write(stateDir: string, nowMs: number, change: Partial<State>): void {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    openState(stateDir, () => systemRandom.hex(8), nowMs).update(change, true)
  },
  /** Keeps daemons away until it is released; null: one runs. @throws the system's error. */
  claim(stateDir: string, nowMs: number): DaemonLock | null {
    const us = processes.identity(process.pid)
    assert(us !== null, 'the running process has an identity')
    const result = takeLock(stateDir, us, nowMs)
    return result.kind === 'ours' ? result.lock : null
  },
  /** What `ack` says. @throws the system's error. */
  say(stateDir: string, nowMs: number, word: Word): void {
    mkdirSync(stateDir, { recursive: true, mode: 0o700 })
    const state = openState(stateDir, () => systemRandom.hex(8), nowMs)
    state.update(withWord(state.value, word), true)
  },
} as const

/** For a daemon that writes nothing: starts from what `state.json` says and forgets what it learns. */
export function openStateReadOnly(stateDir: string): StateStore {
  let value = readState(stateDir) ?? freshState('0'.repeat(16))
  return {
    get value() {
      return value
    },
    update: (change) => void (value = { ...value, ...change }),
    takeNews: () => null,
  }
}

/** The state as it stands, for commands that only look; null when there is none or it cannot be read. */
export function readState(stateDir: string): State | null {
  const text = readText(join(stateDir, 'state.json'))
  return text === null ? null : parse(text)
}

function freshState(cloneId: string): State {
  return {
    version: 1,
    cloneId,
    firstSync: false,
    branches: null,
    acknowledged: [],
    diverged: [],
    tips: [],
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

/** @throws SyncError `system` when this user may not read it: what was agreed to is not to be forgotten. */
function readText(path: string): string | null {
  try {
    return wholeFile.read(path)
  } catch (error) {
    if (errnoOf(error) !== 'EACCES') throw error
    const hint = `make it yours: sudo chown "$(id -un)" ${shellWord(path)} && chmod u+rw ${shellWord(path)}`
    throw new SyncError('system', `${path} may not be read by this user`, hint, error)
  }
}

function isNewerAt(path: string): boolean {
  try {
    return isNewer(wholeFile.read(path) ?? '')
  } catch {
    // Not to be read: by nobody's version.
    return false
  }
}

function isNewer(text: string): boolean {
  try {
    return z.object({ version: z.number().gt(1) }).safeParse(JSON.parse(text)).success
  } catch {
    return false
  }
}

function parse(text: string): State | null {
  try {
    const parsed = schema.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data : null
  } catch {
    return null
  }
}
