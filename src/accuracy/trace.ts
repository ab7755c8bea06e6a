/** A recorded trace: a header line, then a path a line with what it held and what its owner would have wanted. */
import { z } from 'zod'

/** Lines of one file; a file that is longer is refused. */
const linesMax = 200_000

/** Text, bytes, the size of what was not kept, or nothing there. */
const content = z.union([
  z.string(),
  z.strictObject({ base64: z.string() }),
  z.strictObject({ sizeBytes: z.int().min(0) }),
  z.null(),
])

const header = z.object({ trace: z.literal(1), scenario: z.string().min(1), about: z.string() })

const entry = z.strictObject({
  step: z.int().optional(),
  path: z.string().min(1),
  by: z.enum(['person', 'agent', 'program']),
  class: z.string().min(1),
  wanted: z.enum(['sync', 'block', 'hold']),
  kind: z.enum(['file', 'link']).default('file'),
  executable: z.boolean().default(false),
  staging: z.enum(['none', 'staged', 'unmerged']).default('none'),
  /** At HEAD. */
  before: content,
  /** In the work tree; null: deleted. */
  now: content,
})

export type TraceContent = z.output<typeof content>
export type TraceEntry = z.output<typeof entry>

export interface Trace {
  readonly scenario: string
  readonly entries: readonly TraceEntry[]
}

export type ParsedTrace =
  | { readonly kind: 'trace'; readonly trace: Trace }
  | { readonly kind: 'mistaken'; readonly line: number; readonly problem: string }

/** Stops at the first mistake: a trace is made by a program, and one mistake is mostly a thousand. */
export function parseTrace(text: string): ParsedTrace {
  const lines = text.split('\n')
  if (lines.at(-1) === '') lines.pop()
  if (lines.length > linesMax) return mistaken(linesMax, `more than ${linesMax} lines`)
  const head = header.safeParse(jsonOf(lines[0] ?? ''))
  if (!head.success) return mistaken(1, 'a trace begins with {"trace":1,"scenario":"…","about":"…"}')
  const entries: TraceEntry[] = []
  for (const [index, line] of lines.slice(1).entries()) {
    const parsed = entry.safeParse(jsonOf(line))
    if (!parsed.success) return mistaken(index + 2, z.prettifyError(parsed.error).replaceAll('\n', ' '))
    if (parsed.data.before === null && parsed.data.now === null)
      return mistaken(index + 2, 'nothing there, then or now')
    entries.push(parsed.data)
  }
  return { kind: 'trace', trace: { scenario: head.data.scenario, entries } }
}

function mistaken(line: number, problem: string): ParsedTrace {
  return { kind: 'mistaken', line, problem }
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
