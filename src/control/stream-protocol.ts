/** Answers that go on: `POST /v1/debug` is answered line by line, a JSON object each, until one side ends it. */
import { z } from 'zod'
import { pathOfLatin1 } from '../types.ts'

export const debugAddress = '/v1/debug'

/** Globs one listener may name. */
const globsMax = 100

export const debugRequest = z.strictObject({ globs: z.array(z.string().min(1).max(512)).max(globsMax).readonly() })
export type DebugRequest = z.output<typeof debugRequest>

const decision = z.strictObject({
  atMs: z.number(),
  path: z.string().transform(pathOfLatin1),
  verdict: z.enum(['sync', 'block', 'hold']),
  provisional: z.boolean(),
  layer: z.string(),
  reason: z.string(),
  class: z.string(),
  rule: z.strictObject({ action: z.string(), glob: z.string(), source: z.string(), line: z.number() }).nullable(),
  writer: z.strictObject({ kind: z.string(), name: z.string().nullable(), tier: z.string().nullable() }).nullable(),
  tookMs: z.number(),
})
export type ToldDecision = z.output<typeof decision>

/** A decision, how many were lost before it, or why there will be no more. */
export const streamLine = z.union([
  z.strictObject({ item: decision }),
  z.strictObject({ lost: z.number() }),
  z.strictObject({ end: z.string() }),
])
export type StreamLine = z.output<typeof streamLine>
