import type { Git, GitChild } from './run.ts'
import type { Workbench } from './workbench.ts'

/** What a reply parser says of the bytes so far: the reply and its length, or how many bytes to wait for. */
export type Parsed<T> = { readonly reply: T; readonly usedBytes: number } | { readonly needBytes: number }

/** late: it gave no answer within the deadline and was ended. hurried: so was everything, since the daemon stops. */
export interface Death {
  readonly stderr: string
  readonly why: 'ended' | 'late' | 'hurried'
}

export type Answer<T> = { readonly kind: 'reply'; readonly reply: T } | ({ readonly kind: 'died' } & Death)

/** Requests to one long-lived git child, answered in order. A request that the child dies of is told so. */
export interface Conversation {
  ask<T>(request: Buffer, parse: (bytes: Buffer) => Parsed<T>): Promise<Answer<T>>
  /** The next request gets a new child; those under way are still answered by the old one. */
  restart(): void
  close(): void
}

interface Question {
  readonly request: Buffer
  /** Null: the reply is not whole yet, and needs this many bytes. */
  readonly take: (bytes: Buffer) => { readonly usedBytes: number } | { readonly needBytes: number }
  readonly died: (death: Death) => void
}

interface Session {
  readonly child: GitChild
  readonly asked: readonly Question[]
  ask(question: Question): void
}

/** More than this is kept back here, so that a child's death costs at most this many repeated questions. */
const inFlightMax = 64

/** @param git starts the child; another than the bench's own where its objects are to lie elsewhere. */
export function createConversation(bench: Workbench, args: readonly string[], git: Git = bench.git): Conversation {
  const waiting: Question[] = []
  let current: Session | null = null

  const open = (): Session => {
    const session = openSession(bench, args, git, {
      answered: () => pump(),
      died: (unanswered) => {
        if (current === session) current = null
        waiting.unshift(...unanswered)
        pump()
      },
    })
    return session
  }
  const pump = () => {
    // A new child would be ended at once, one for each question.
    if (bench.hurry.signal.aborted) for (const { died } of waiting.splice(0)) died({ stderr: '', why: 'hurried' })
    while (waiting.length > 0 && (current === null || current.asked.length < inFlightMax)) {
      current ??= open()
      const next = waiting.shift()
      if (next !== undefined) current.ask(next)
    }
  }
  return {
    ask: (request, parse) =>
      new Promise((resolve) => {
        const take = (bytes: Buffer) => {
          const parsed = parse(bytes)
          if ('reply' in parsed) resolve({ kind: 'reply', reply: parsed.reply })
          return parsed
        }
        waiting.push({ request, take, died: (death) => resolve({ kind: 'died', ...death }) })
        pump()
      }),
    restart: () => {
      current?.child.end()
      current = null
    },
    close: () => {
      current?.child.kill()
      current = null
    },
  }
}

function openSession(
  { clock, deadlines, hurry }: Workbench,
  args: readonly string[],
  git: Git,
  tell: { answered(): void; died(unanswered: readonly Question[]): void },
): Session {
  const asked: Question[] = []
  const bytes = createByteQueue()
  let stopDeadline: (() => void) | null = null
  let late = false
  const end = () => {
    late = true
    child.kill()
  }
  const watch = () => {
    stopDeadline?.()
    // A FIFO in place of a file, a hanging filter, a lazy fetch: the child is ended and the question told so.
    stopDeadline = asked.length === 0 ? null : clock.after(deadlines.helperMs, end)
  }
  const child = git.start(args, {
    output: (chunk) => {
      bytes.push(chunk)
      while (asked[0] !== undefined && bytes.isEnough()) {
        const step = asked[0].take(bytes.all())
        if ('needBytes' in step) bytes.need(step.needBytes)
        else {
          asked.shift()
          bytes.drop(step.usedBytes)
        }
      }
      watch()
      tell.answered()
    },
    ended: (stderr) => {
      stopDeadline?.()
      hurry.signal.removeEventListener('abort', child.kill)
      const [killer, ...others] = asked.splice(0)
      killer?.died({ stderr, why: hurry.signal.aborted ? 'hurried' : late ? 'late' : 'ended' })
      tell.died(others)
    },
  })
  hurry.signal.addEventListener('abort', child.kill)
  const ask = (question: Question) => {
    asked.push(question)
    child.send(question.request)
    if (asked.length === 1) watch()
  }
  return { child, asked, ask }
}

/** Bytes are joined only when a reply can be whole: a large blob is not copied once per chunk. */
function createByteQueue() {
  let chunks: Buffer[] = []
  let sizeBytes = 0
  let wantedBytes = 1
  return {
    push: (chunk: Buffer) => {
      chunks.push(chunk)
      sizeBytes += chunk.length
    },
    isEnough: () => sizeBytes >= wantedBytes,
    need: (bytes: number) => {
      wantedBytes = bytes
    },
    all: (): Buffer => {
      const joined = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks)
      chunks = [joined]
      return joined
    },
    drop: (bytes: number) => {
      const rest = Buffer.concat(chunks).subarray(bytes)
      chunks = [rest]
      sizeBytes = rest.length
      wantedBytes = 1
    },
  }
}
