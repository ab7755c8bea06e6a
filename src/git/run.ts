import { spawn } from 'node:child_process'
import type { ChildProcessWithoutNullStreams } from 'node:child_process'
import { existsSync } from 'node:fs'
import { errnoOf } from '../errors.ts'

export interface GitCall {
  readonly args: readonly string[]
  readonly input?: Buffer | string
  readonly environment?: Readonly<Record<string, string>>
  readonly deadlineMs: number
  /** A child that says nothing for so long is ended as by its deadline, too. */
  readonly stillMs?: number
  /** Ends the child early, as its deadline would. */
  readonly signal?: AbortSignal
  /** More output than this ends the child with fault `too-much`; 64 MB unless told. */
  readonly outputMaxBytes?: number
}

export interface GitAnswer {
  /** null: ended by a signal, or never started. */
  readonly code: number | null
  readonly stdout: Buffer
  /** At most 64 KB, the beginning. */
  readonly stderr: string
  readonly fault: 'missing' | 'no-directory' | 'not-started' | 'timeout' | 'too-much' | null
}

/** A child that stays and is talked to. */
export interface GitChild {
  send(bytes: Buffer): void
  /** No more requests; the child ends when it has answered. */
  end(): void
  kill(): void
}

export interface ChildEvents {
  output(chunk: Buffer): void
  /** Once, after the last output. */
  ended(stderr: string): void
}

/** The only place that starts git. */
export interface Git {
  run(call: GitCall): Promise<GitAnswer>
  start(args: readonly string[], events: ChildEvents, environment?: Readonly<Record<string, string>>): GitChild
}

const outputMaxBytesDefault = 64 * 1024 * 1024
const stderrMaxBytes = 64 * 1024
/** git removes its lock files on SIGTERM; what ignores it is killed after this. */
const graceMs = 2000
/** How long a pipe stays quiet that a program left behind by git (an ssh master, a hook's server) keeps open. */
const lingerMs = 250
/** One that goes on writing, and has left the group that a deadline ends, is not listened to: 2 s. */
const lingersMax = 8

export function createGit(cwd: string, environment: Readonly<Record<string, string>>): Git {
  const launch = (args: readonly string[], extra: Readonly<Record<string, string>> = {}) =>
    // Its own process group, so that a deadline ends hooks, ssh and helpers too.
    spawn('git', args, { cwd, env: { ...environment, ...extra }, detached: true, stdio: 'pipe' })
  return {
    run: (call) => answerOf(launch(call.args, call.environment), call, cwd),
    start: (args, events, extra) => conversationWith(launch(args, extra), events),
  }
}

function answerOf(child: ChildProcessWithoutNullStreams, call: GitCall, cwd: string): Promise<GitAnswer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = []
    const stderr = collectText(child)
    let sizeBytes = 0
    let fault: GitAnswer['fault'] = null
    let problem = ''
    const stop = (reason: 'timeout' | 'too-much') => {
      fault ??= reason
      endGroup(child)
    }
    const timeout = (): void => stop('timeout')
    const deadline = setTimeout(timeout, call.deadlineMs)
    const still = setTimeout(timeout, call.stillMs ?? call.deadlineMs)
    for (const stream of [child.stdout, child.stderr]) stream.on('data', () => void still.refresh())
    if (call.signal?.aborted === true) timeout()
    else call.signal?.addEventListener('abort', timeout)
    child.stdout.on('data', (chunk: Buffer) => {
      sizeBytes += chunk.length
      if (sizeBytes > (call.outputMaxBytes ?? outputMaxBytesDefault)) stop('too-much')
      else chunks.push(chunk)
    })
    child.on('error', (error) => {
      if (child.pid !== undefined) return
      // The system says the same of a program and of a directory to start it in.
      const lacking = existsSync(cwd) ? 'missing' : 'no-directory'
      fault = errnoOf(error) === 'ENOENT' ? lacking : 'not-started'
      problem = error.message
    })
    whenOver(child, (code) => {
      clearTimeout(deadline)
      clearTimeout(still)
      call.signal?.removeEventListener('abort', timeout)
      resolve({ code, stdout: Buffer.concat(chunks), stderr: problem === '' ? stderr() : problem, fault })
    })
    child.stdin.on('error', ignoreBrokenPipe)
    child.stdin.end(call.input ?? '')
  })
}

function conversationWith(child: ChildProcessWithoutNullStreams, events: ChildEvents): GitChild {
  const stderr = collectText(child)
  child.stdout.on('data', (chunk: Buffer) => events.output(chunk))
  child.stdin.on('error', ignoreBrokenPipe)
  // The reason is told by `whenOver`, which follows a failed start too.
  child.on('error', () => undefined)
  whenOver(child, () => events.ended(stderr()))
  return {
    send: (bytes) => void child.stdin.write(bytes),
    end: () => void child.stdin.end(),
    kill: () => endGroup(child),
  }
}

/** What is told of progress is written over on a terminal, and here: it would be all that there is room for. */
function collectText(child: ChildProcessWithoutNullStreams): () => string {
  let kept = Buffer.alloc(0)
  child.stderr.on('data', (chunk: Buffer) => {
    const text = Buffer.concat([kept, chunk]).toString('latin1')
    kept = Buffer.from(text.replace(/[^\r\n]*\r(?=[^\r\n])/g, ''), 'latin1').subarray(0, stderrMaxBytes)
  })
  return () => kept.toString('utf8')
}

/**
 * Over when the child has ended and its pipes are at their end. A program that it left behind may hold them open: then
 * it is over when, after `lingerMs`, a look at them brings nothing more. The timer alone would say nothing: in a loop
 * that was held up it fires before what has long lain in the pipe was read. One that never falls silent is left.
 */
function whenOver(child: ChildProcessWithoutNullStreams, over: (code: number | null) => void): void {
  let done = false
  let readBytes = 0
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', ({ length }: Buffer) => void (readBytes += length))
  const finish = (code: number | null) => {
    if (done) return
    done = true
    child.stdout.destroy()
    child.stderr.destroy()
    over(code)
  }
  const linger = (code: number | null, left: number) => {
    const before = readBytes
    const look = () => (readBytes === before || left === 0 ? finish(code) : linger(code, left - 1))
    setTimeout(() => setImmediate(look), lingerMs)
  }
  child.on('close', (code) => finish(code))
  child.on('exit', (code) => linger(code, lingersMax))
  child.on('error', () => {
    if (child.pid === undefined) finish(null)
  })
}

function endGroup(child: ChildProcessWithoutNullStreams): void {
  signalGroup(child, 'SIGTERM')
  setTimeout(() => signalGroup(child, 'SIGKILL'), graceMs).unref()
}

function signalGroup(child: ChildProcessWithoutNullStreams, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch {
    // ESRCH: the whole group has ended, which is what was wanted.
  }
}

/** A child that ends before it has read everything tells why by its exit code. */
function ignoreBrokenPipe(): void {
  return undefined
}
