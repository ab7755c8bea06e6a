/**
 * What the command line and the daemon say to each other: `POST /v1/<verb>` with a JSON body, answered in JSON. One
 * table of verbs; a new one is a new row. Both ends parse what they get.
 */
import { z } from 'zod'
import type { StatusFile } from '../report/report.ts'
import type { FlushResult } from '../schedule/schedule.ts'
import { SyncError } from '../errors.ts'
import { jsonOf } from './json.ts'
import type { PathBytes, Writer } from '../types.ts'
import { isWriterName } from './writer-name.ts'

/** Paths one request may name. */
const pathsMax = 10_000
/** One byte per unit, at most what the system takes as a name. */
const path = z
  .string()
  .max(4_096)
  .refine((text) => !text.includes('\0') && Buffer.from(text, 'latin1').toString('latin1') === text)
  .transform((text) => text as PathBytes)
const paths = z.array(path).max(pathsMax)
const readonlyPaths = paths.readonly()

const held = z.array(z.strictObject({ path, reason: z.string() }))
const flushResult: z.ZodType<FlushResult> = z.strictObject({
  ok: z.boolean(),
  held,
  problem: z.string().nullable(),
  remedy: z.string().exactOptional(),
})

/** The daemon wrote it with the types of this very program; only a stranger on the socket would send another thing. */
const status = z.custom<StatusFile>((value) => typeof value === 'object' && value !== null && 'writtenAtMs' in value)

const identity = z.strictObject({ pid: z.int().min(1), startTick: z.int().min(0), version: z.string() })

const released = z.strictObject({
  /** Patterns whose quarantine or slow pace ended. */
  patterns: z.array(z.string()).readonly(),
  /** Paths asked for that no such pattern covers. */
  unaffected: readonlyPaths,
})

const undone = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('undone'),
    commit: z.string().nullable(),
    undoes: z.string(),
    subject: z.string(),
    paths: z.array(z.strictObject({ path, change: z.enum(['restored', 'removed']) })).readonly(),
    kept: z.array(path).readonly(),
  }),
  z.strictObject({ kind: z.literal('refused'), isUsage: z.boolean(), problem: z.string(), hint: z.string() }),
])

const nothing = z.strictObject({})

const resolved = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('resolved'),
    resolved: z.array(z.strictObject({ path, replaced: z.string().nullable() })).readonly(),
  }),
  z.strictObject({ kind: z.literal('refused'), isUsage: z.boolean(), problem: z.string(), hint: z.string() }),
])

const oid = z.string().regex(/^[0-9a-f]{40,64}$/)
const reason = z.string().max(1_000).nullable()
const word = z.strictObject({
  acknowledged: z
    .array(z.strictObject({ path, what: z.enum(['blob', 'deletion']), oid, reason, atMs: z.number() }))
    .max(pathsMax)
    .readonly(),
  trusted: z
    .array(
      z.strictObject({
        path: z.string().max(4_096),
        sha256: oid.nullable(),
        oid: oid.nullable(),
        by: z.enum(['edited', 'ack', 'init']),
        reason,
        atMs: z.number(),
      }),
    )
    .max(pathsMax)
    .readonly(),
})

const writer: z.ZodType<Writer> = z.strictObject({
  kind: z.enum(['human', 'agent', 'autonomous', 'self', 'unknown']),
  name: z.string().nullable(),
  tier: z.enum(['T0', 'T1', 'T2', 'T3']).nullable(),
  confidence: z.number(),
  policy: z.enum(['sync', 'block']).nullable(),
  session: z.string().nullable(),
  program: z.strictObject({ executable: z.string(), rule: z.string() }).exactOptional(),
})

const declaration = z.strictObject({
  name: z.string().refine(isWriterName),
  policy: z.enum(['sync', 'block']),
  /** Never its arguments. */
  command: z.string().max(4_096),
  /** Of the process that starts the program, and belongs to the writer with all that it starts. */
  process: z.strictObject({ pid: z.int().min(1), startTick: z.int().min(0) }),
  /** An empty control group that it will enter; null: none could be made. */
  cgroup: z.string().max(4_096).nullable(),
})

/** `deadlineMs`: how long the asker waits for the answer. */
const verbs = {
  ping: { request: nothing, answer: identity, deadlineMs: 5_000 },
  status: { request: nothing, answer: status, deadlineMs: 5_000 },
  /** Answered when the stop has begun. */
  stop: { request: nothing, answer: identity, deadlineMs: 10_000 },
  /** Answered when the remote has it; the daemon itself gives up after 15 minutes and says why. */
  sync: {
    request: z.strictObject({
      paths: readonlyPaths.nullable(),
      replaceRemote: z.boolean().exactOptional(),
      discard: z.string().min(7).exactOptional(),
    }),
    answer: flushResult,
    deadlineMs: 16 * 60_000,
  },
  release: { request: z.strictObject({ paths: paths.min(1).readonly() }), answer: released, deadlineMs: 10_000 },
  /** Answered when nothing is under way any more, or when that takes long. */
  pause: {
    request: z.strictObject({ by: z.string().max(100), forMs: z.int().min(1).nullable() }),
    answer: z.strictObject({ untilMs: z.number().nullable(), settled: z.boolean() }),
    deadlineMs: 30_000,
  },
  resume: { request: nothing, answer: z.strictObject({ wasPaused: z.boolean() }), deadlineMs: 10_000 },
  /** null: the last automatic commit. */
  undo: { request: z.strictObject({ commit: z.string().max(300).nullable() }), answer: undone, deadlineMs: 5 * 60_000 },
  /** A person says which side of a conflict counts. */
  resolve: {
    request: z.strictObject({ paths: paths.min(1).readonly(), side: z.enum(['ours', 'theirs', 'file']) }),
    answer: resolved,
    deadlineMs: 60_000,
  },
  /** A person says that what is held may leave, and that the workspace's own rules and settings count. */
  ack: { request: word, answer: nothing, deadlineMs: 30_000 },
  /** A program is about to be started whose writes are to have a name: from the answer on they have it. */
  declare: { request: declaration, answer: z.strictObject({ tag: z.string() }), deadlineMs: 10_000 },
  /** A declared writer is about to end: answered when all it wrote so far is known to be its own. */
  written: {
    request: z.strictObject({ pid: z.int().min(1) }),
    /** Writes since it was declared: of the writer itself, and of nobody who is known. */
    answer: z.strictObject({ own: z.int(), unknown: z.int() }),
    deadlineMs: 10_000,
  },
  /** Who wrote what lies at each path now, as far as it is known; in the order asked. */
  writers: { request: z.strictObject({ paths: readonlyPaths }), answer: z.array(writer).readonly(), deadlineMs: 5_000 },
  /** A person agrees to the first sync. */
  consent: { request: nothing, answer: nothing, deadlineMs: 10_000 },
} as const

type Verbs = typeof verbs
export type Verb = keyof Verbs
export type RequestOf<V extends Verb> = z.output<Verbs[V]['request']>
export type AnswerOf<V extends Verb> = z.output<Verbs[V]['answer']>

const failure = z.object({ error: z.object({ name: z.string(), detail: z.string(), hint: z.string() }) })
export type ControlFailure = z.output<typeof failure>['error']

export function callOf(verb: Verb): { readonly address: string; readonly deadlineMs: number } {
  return { address: `/v1/${verb}`, deadlineMs: verbs[verb].deadlineMs }
}

/** @param address as in the request line. @returns null for a verb that this version does not know. */
export function verbOf(address: string): Verb | null {
  const name = /^\/v1\/([a-z]+)$/.exec(address)?.[1]
  return name !== undefined && Object.hasOwn(verbs, name) ? (name as Verb) : null
}

export type ParsedRequest =
  | { readonly kind: 'request'; readonly request: RequestOf<Verb> }
  | { readonly kind: 'refused'; readonly failure: ControlFailure }

export function parseRequest(verb: Verb, body: string): ParsedRequest {
  const value = jsonOf(body)
  const result = verbs[verb].request.safeParse(value)
  if (result.success) return { kind: 'request', request: result.data }
  const detail = `${verb}: ${z.prettifyError(result.error).replaceAll('\n', ' ')}`
  return { kind: 'refused', failure: { name: 'bad-request', detail, hint: restartHint } }
}

/** @throws SyncError when the daemon refused, or what came is no answer to this verb. */
export function parseAnswer<V extends Verb>(verb: V, ok: boolean, body: string): AnswerOf<V> {
  const value = jsonOf(body)
  if (ok) {
    const result = verbs[verb].answer.safeParse(value)
    // The table pairs each verb with the schema of its answer; the compiler does not follow the pair through the index.
    if (result.success) return result.data as AnswerOf<V>
  }
  const refused = failure.safeParse(value)
  if (!ok && refused.success) throw new SyncError('system', refused.data.error.detail, refused.data.error.hint)
  throw new SyncError('system', `the daemon's answer to "${verb}" cannot be read`, restartHint)
}

export const restartHint = 'the daemon may be of another version: workspace-sync stop, then start'
