import { request as httpRequest, type IncomingMessage } from 'node:http'
import { readlinkSync } from 'node:fs'
import { errnoOf, SyncError } from '../errors.ts'
import { placeOf } from '../place.ts'
import { callOf, parseAnswer, restartHint, type AnswerOf, type RequestOf, type Verb } from './protocol.ts'
import { controlPath, isLinkOf } from './socket-path.ts'

/** A status with tens of thousands of pending paths takes a few megabytes; more is not read. */
const answerBytesMax = 32 * 1024 ** 2

/** Nobody listens there, or nothing is there. */
export const noDaemon: ReadonlySet<string> = new Set(['ENOENT', 'ECONNREFUSED', 'ENOTDIR'])

/** Somebody listened there, and then no more. */
const hasEnded: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE'])

/**
 * Asks the daemon whose state directory this is.
 * @param waitMs the verb's own deadline unless given.
 * @throws SyncError `system` when it refuses, does not answer in time, or ends while we wait.
 */
export async function ask<V extends Verb>(
  stateDir: string,
  verb: V,
  request: RequestOf<V>,
  waitMs = callOf(verb).deadlineMs,
): Promise<AnswerOf<V> | 'no-daemon'> {
  const path = listeningPath(stateDir)
  if (path === null) return 'no-daemon'
  try {
    const { ok, body } = await post(path, callOf(verb).address, JSON.stringify(request), waitMs)
    return parseAnswer(verb, ok, body)
  } catch (error) {
    if (error instanceof SyncError) throw error
    const code = errnoOf(error)
    if (code !== null && noDaemon.has(code)) return 'no-daemon'
    const why = code ?? (error instanceof Error ? error.message : 'unknown')
    const told = hasEnded.has(why) ? ': it has ended meanwhile' : ` (${why})`
    const problem = `the daemon did not answer "${verb}"${told}`
    throw new SyncError('system', problem, 'look at workspace-sync status, then try again', error)
  }
}

/**
 * A socket whose address would be too long lies elsewhere, with a link to it in its usual place.
 * @returns null when that link is of another folder: it was copied along
 */
export function listeningPath(stateDir: string): string | null {
  const path = controlPath(stateDir)
  try {
    const elsewhere = readlinkSync(path)
    return isLinkOf(elsewhere, placeOf(stateDir)) ? elsewhere : null
  } catch {
    // No link: the socket itself, or nothing at all, which connecting will tell.
    return path
  }
}

interface Reply {
  readonly ok: boolean
  readonly body: string
}

function post(socketPath: string, path: string, body: string, waitMs: number): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const call = httpRequest(
      { socketPath, path, method: 'POST', headers, agent: false, signal: AbortSignal.timeout(waitMs) },
      (response) => {
        readAll(response).then(
          (text) => resolve({ ok: response.statusCode === 200, body: text }),
          (error: unknown) => reject(asError(error)),
        )
      },
    )
    call.on('error', (error) => reject(timedOut(error, waitMs)))
    call.end(body)
  })
}

async function readAll(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  let sizeBytes = 0
  for await (const chunk of response as AsyncIterable<Buffer>) {
    sizeBytes += chunk.length
    if (sizeBytes > answerBytesMax) throw new SyncError('system', 'the answer of the daemon is too long', restartHint)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

function timedOut(error: Error, waitMs: number): Error {
  if (error.name !== 'AbortError' && error.name !== 'TimeoutError') return error
  const hint = 'it may be busy: look at workspace-sync status, then try again'
  return new SyncError('system', `the daemon did not answer within ${Math.round(waitMs / 1_000)} s`, hint, error)
}

function asError(error: unknown): Error {
  return error instanceof Error ? timedOut(error, 0) : new Error(String(error))
}
