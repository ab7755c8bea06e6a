import { request as httpRequest, type IncomingMessage } from 'node:http'
import { createInterface } from 'node:readline'
import { errnoOf, SyncError } from '../errors.ts'
import { listeningPath, noDaemon } from './client.ts'
import { jsonOf } from './json.ts'
import { parseAnswer } from './protocol.ts'
import { debugAddress, streamLine, type DebugRequest, type StreamLine } from './stream-protocol.ts'

/**
 * Hears decisions of the daemon whose state directory this is, until it ends or `signal` says so.
 * @returns broken: the daemon went away without a word
 * @throws SyncError when it refuses
 */
export async function listen(
  stateDir: string,
  request: DebugRequest,
  signal: AbortSignal,
  hear: (line: StreamLine) => void,
): Promise<'ended' | 'broken' | 'no-daemon'> {
  let isOver = false
  const path = listeningPath(stateDir)
  if (path === null) return 'no-daemon'
  try {
    const response = await post(path, JSON.stringify(request), signal)
    if (response.statusCode !== 200) {
      const chunks: Buffer[] = []
      for await (const chunk of response as AsyncIterable<Buffer>) chunks.push(chunk)
      // A refusal is the same whatever was asked.
      parseAnswer('ping', false, Buffer.concat(chunks).toString('utf8'))
    }
    for await (const text of createInterface({ input: response, crlfDelay: Infinity })) {
      const line = streamLine.safeParse(jsonOf(text)).data
      if (line === undefined) continue
      isOver ||= 'end' in line
      hear(line)
    }
  } catch (error) {
    if (signal.aborted) return 'ended'
    if (error instanceof SyncError) throw error
    const code = errnoOf(error)
    if (code === null) throw error
    if (noDaemon.has(code)) return 'no-daemon'
  }
  return isOver || signal.aborted ? 'ended' : 'broken'
}

function post(socketPath: string, body: string, signal: AbortSignal): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) }
    const call = httpRequest({ socketPath, path: debugAddress, method: 'POST', headers, agent: false, signal }, resolve)
    call.on('error', reject)
    call.end(body)
  })
}
